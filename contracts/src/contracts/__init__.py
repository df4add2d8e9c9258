"""The published language of Chuishao: events, permissions and messages that every service agrees on."""
