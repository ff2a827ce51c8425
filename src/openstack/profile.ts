// What differs between the clouds we serve. Only what is used; the rest of the edge asks here instead of the cloud's name.

export type ProfileName = 'openstack' | 'otc' | 'huawei';

export type Profile = {
  name: ProfileName;
  /** Which of the two OpenID Connect tokens the cloud's identity service takes: at the same URL, but not the same one. */
  federationToken: 'access_token' | 'id_token';
  /** `keystone`: POST …/OS-FEDERATION/…/auth with a bearer token. `iam`: POST /v3.0/OS-AUTH/id-token/tokens. */
  federationForm: 'keystone' | 'iam';
  /** Whether paths of the compute service must hold the project id, even where the catalog leaves it out. */
  projectInPath: boolean;
  /** How a resize is done: `nova` (verify, confirm, revert) or `native` (v1 call and job). */
  resizeBackend: 'nova' | 'native';
};

export const profiles: Record<ProfileName, Profile> = {
  openstack: {
    name: 'openstack',
    federationToken: 'access_token',
    federationForm: 'keystone',
    projectInPath: false,
    resizeBackend: 'nova',
  },
  otc: {
    name: 'otc',
    federationToken: 'id_token',
    federationForm: 'iam',
    projectInPath: true,
    resizeBackend: 'nova',
  },
  huawei: {
    name: 'huawei',
    federationToken: 'id_token',
    federationForm: 'iam',
    projectInPath: true,
    resizeBackend: 'native',
  },
};
