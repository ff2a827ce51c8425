// What sign-in asks of the cloud, bound to its one identity service.
import { regionNamedBy, type Catalog } from '../openstack/catalog.ts';
import type { ScopedToken } from '../openstack/client.ts';
import {
  applicationCredentialToken,
  exchangeOidcToken,
  fetchCatalog,
  listProjects,
  rescope,
  revokeToken,
  type IdentityService,
  type IssuedToken,
  type ListedProject,
} from '../openstack/identity.ts';
import type { Profile } from '../openstack/profile.ts';
import { trimCatalog } from './record.ts';

/** Every method that calls the cloud throws CloudError. */
export type CloudSide = {
  /** False where the cloud has no application credentials (Huawei and OTC). */
  takesApplicationCredentials: boolean;
  byApplicationCredential(credential: { id: string; secret: string }): Promise<IssuedToken>;
  /** An unscoped token for what the identity provider gave. */
  byOidc(tokens: { accessToken: string; idToken: string | null }): Promise<IssuedToken>;
  rescope(token: string, projectId: string): Promise<IssuedToken>;
  listProjects(token: string): Promise<ListedProject[]>;
  revoke(token: string): Promise<void>;
  /** The only region in which a token for this project is taken; null: the catalog’s choice is free. Makes no call. */
  regionOf(project: string, catalog: Catalog): string | null;
  /** Asks for the catalog only if it did not come with the token. */
  withCatalog(issued: IssuedToken, projectId: string): Promise<ScopedToken>;
};

export type CloudSideSettings = {
  service: IdentityService;
  profile: Profile;
  /** OS_IDENTITY_PROVIDER and OS_PROTOCOL. */
  identityProvider: string;
  protocol: string;
  /** OS_INTERFACE: endpoints of other interfaces are not kept. */
  interface: string;
};

export function createCloudSide(settings: CloudSideSettings): CloudSide {
  const { service, profile, identityProvider, protocol } = settings;
  return {
    // Only Keystone itself has them (ecs-api A.7).
    takesApplicationCredentials: profile.federationForm === 'keystone',
    byApplicationCredential: (credential) => applicationCredentialToken(service, credential),
    byOidc: ({ accessToken, idToken }) =>
      exchangeOidcToken(service, { profile, identityProvider, protocol, accessToken, idToken }),
    rescope: (token, projectId) => rescope(service, token, projectId),
    listProjects: (token) => listProjects(service, token),
    revoke: (token) => revokeToken(service, token),
    regionOf: (project, catalog) => (profile.regionInProjectName ? regionNamedBy(project, catalog) : null),
    async withCatalog({ value, expiresAt, catalog }, projectId) {
      const whole: Catalog = catalog ?? (await fetchCatalog(service, value));
      return { value, expiresAt, projectId, catalog: trimCatalog(whole, settings.interface) };
    },
  };
}
