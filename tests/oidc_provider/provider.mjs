// An independent OpenID provider on loopback: people in groups, JWT access tokens, keys that can be rotated.
//
//   node provider.mjs '{"origin": "http://127.0.0.1:8000"}'
//
// Prints its issuer on one line when it listens. POST /rotate puts a new signing key before the old one; POST
// /tell?session=1 with an address in the body makes it tell that address of logouts, with or without a session.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const { origin } = JSON.parse(process.argv[2]);
const RESOURCE = 'urn:chuishao:api';
const GROUPS = {
  clerk: ['/吹哨/元村镇/经办', '/打球'],
  leader: ['/吹哨/元村镇/领导'],
  both: ['/吹哨/元村镇/经办', '/吹哨/元村镇/领导'],
  stranger: ['/打球'],
};

function key() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

const memory = new Map(); // what the provider keeps outlives a rotation, as in a database

class Adapter {
  constructor(model) { this.model = model; }
  name(id) { return `${this.model}:${id}`; }
  async upsert(id, payload) { memory.set(this.name(id), payload); }
  async find(id) { return memory.get(this.name(id)); }
  async findByUid(uid) {
    return [...memory].find(([name, each]) => name.startsWith(`${this.model}:`) && each.uid === uid)?.[1];
  }
  async findByUserCode() { return undefined; }
  async consume(id) { memory.get(this.name(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { memory.delete(this.name(id)); }
  async revokeByGrantId(grantId) {
    for (const [name, each] of memory) if (each.grantId === grantId) memory.delete(name);
  }
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const cookies = { keys: [randomUUID()] };
  const keys = [key()];
  let told = {};

  function provider() {
    return new Provider(issuer, {
      adapter: Adapter,
      cookies,
      jwks: { keys },
      clients: [{
        client_id: 'chuishao-console',
        client_secret: 'a secret of the test',
        redirect_uris: [`${origin}/callback`],
        post_logout_redirect_uris: [`${origin}/`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        ...told,
      }],
      pkce: { required: () => true },
      ttl: { AccessToken: 15, IdToken: 60, Grant: 3600, Session: 3600, Interaction: 600, RefreshToken: 3600 },
      rotateRefreshToken: true,
      // Its own guard lets no request out to this machine, where the gateway of the test is.
      fetch: (url, { dispatcher: _guard, ...options }) => globalThis.fetch(url, options),
      claims: { openid: ['sub'], profile: ['name'] },
      findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: `演示·${id}` }) }),
      extraTokenClaims: (ctx, token) => ({ name: `演示·${token.accountId}`, groups: GROUPS[token.accountId] ?? [] }),
      features: {
        devInteractions: { enabled: true },
        backchannelLogout: { enabled: true },
        revocation: { enabled: true },
        rpInitiatedLogout: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => RESOURCE,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: 'openid profile offline_access',
            audience: 'chuishao',
            accessTokenFormat: 'jwt',
            accessTokenTTL: 15,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    });
  }

  let handle = provider().callback();
  server.on('request', (request, response) => {
    if (request.url === '/rotate') {
      keys.unshift(key());
      handle = provider().callback();
      response.end(keys[0].kid);
      return;
    }
    if (request.url === '/retire') {
      keys.length = 1;
      handle = provider().callback();
      response.end(keys[0].kid);
      return;
    }
    if (request.url.startsWith('/tell')) {
      let address = '';
      request.on('data', (chunk) => { address += chunk; });
      request.on('end', () => {
        told = {
          backchannel_logout_uri: address,
          backchannel_logout_session_required: request.url.endsWith('session=1'),
        };
        handle = provider().callback();
        response.end();
      });
      return;
    }
    handle(request, response);
  });
  console.log(issuer);
});
