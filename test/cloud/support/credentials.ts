// Application credentials of the tests' people: made and unmade here, for the bot is only ever given them.
import { object, text } from '../../../src/openstack/json.ts';
import type { Account, CloudUnderTest, Credential } from './cloud-under-test.ts';
import { scopedToken, type Access } from './people.ts';
import { uniqueName } from './unique.ts';

export function createCredentials(access: Access): Pick<CloudUnderTest, 'addCredential' | 'removeCredential'> {
  const { http } = access.identity;
  return {
    async addCredential(of, { roles, expiresAt }) {
      const { url, headers } = await collectionOf(access, of);
      const credential = {
        name: uniqueName(),
        ...(roles !== undefined && { roles: roles.map((name) => ({ name })) }),
        ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
      };
      const answer = await http.send({ method: 'POST', url, headers, body: { application_credential: credential } });
      return readCredential(answer.body);
    },
    async removeCredential(of, id) {
      const { url, headers } = await collectionOf(access, of);
      await http.send({ method: 'DELETE', url: `${url}/${id}`, headers });
    },
  };
}

/** They stand below the user's id, which the token tells. GET /v3/auth/tokens. */
async function collectionOf({ identity, ...access }: Access, of: Account) {
  const { http, authUrl } = identity;
  const { value } = await scopedToken({ identity, ...access }, of);
  const headers = { 'x-auth-token': value };
  const url = `${authUrl}/auth/tokens?nocatalog`;
  const shown = await http.send({ method: 'GET', url, headers: { ...headers, 'x-subject-token': value } });
  const user = text(object(object(object(shown.body)['token'])['user'])['id']);
  return { url: `${authUrl}/users/${user}/application_credentials`, headers };
}

function readCredential(body: unknown): Credential {
  const wire = object(object(body)['application_credential']);
  const [id, secret] = [text(wire['id']), text(wire['secret'])];
  if (id === null || secret === null) throw new Error('Keystone gave no application credential');
  return { id, secret };
}
