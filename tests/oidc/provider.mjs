// An OpenID provider for tests: the real one, with people who sign in by
// saying their name in `login_hint`.
//
//   node provider.mjs PORT KEYS   PORT 0 for any; KEYS names the signing keys
//
// Prints the issuer once it serves.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, keys] = [Number(process.argv[2]), process.argv[3]];

const people = {
  anna: { name: 'Anna Buyer', roles: ['Procurement-Send', 'Canteen'], council: 'E10000016' },
  ben: { name: 'Ben Reader', roles: ['Procurement-Read'], council: 'E10000016' },
  cleo: { name: 'Cleo Analyst', roles: ['Subgroup'] },
  dora: { name: 'Dora Two', roles: ['Procurement-Send', 'Subgroup'], council: 'E10000016' },
  emil: { name: 'Emil Nobody', roles: ['Canteen'], council: 'E10000016' },
  fred: { name: 'Fred Nowhere', roles: ['Procurement-Read'], council: 'E99999999' },
};

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = {
  ...privateKey.export({ format: 'jwk' }),
  kid: createHash('sha256').update(keys).digest('hex').slice(0, 16),
  use: 'sig',
  alg: 'RS256',
};

const server = createServer();
server.listen(port, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'steelyard',
      client_secret: 'a secret: with +signs&',
      redirect_uris: ['http://127.0.0.1:8080/sign-in/openid/return'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }, {
      client_id: 'somebody-else',
      client_secret: 'another',
      redirect_uris: ['http://127.0.0.1:8080/sign-in/openid/return'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    jwks: { keys: [jwk] },
    cookies: { keys: ['only a test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'roles', 'council'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people[id] }),
    }),
    async loadExistingGrant(ctx) {
      const { client, session, provider: owner } = ctx.oidc;
      const grant = new owner.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    const { params } = await provider.interactionDetails(request, response);
    return provider.interactionFinished(request, response, {
      login: { accountId: params.login_hint },
    });
  });
  console.log(issuer);
});
