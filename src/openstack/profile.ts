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
  /** Whether a stop can cut the power; Nova itself takes the word for it and shuts the system down all the same. */
  hardStop: boolean;
  /** How a resize is done: `nova` (verify, confirm, revert) or `native` (v1 call and job). */
  resizeBackend: 'nova' | 'native';
  /** Whether there is an ECS API of its own beside Nova (`/v1/{project}/cloudservers`). */
  nativeApi: boolean;
  /** The microversion from which a server's boot disk can be given a type; null: every one (an extension). */
  bootDiskTypeSince: string | null;
  /** Private IPv4 ranges and /28 at least, one subnet per network, and what else the VPC service insists on. */
  strictNetworks: boolean;
  /** Whether networks, subnets and ports keep a description; where they do not, ours carry no mark but their names. */
  describedNetworks: boolean;
  /** Whether every project belongs to one region, with whose name its own begins: `eu-de`, `eu-de_web`. */
  regionInProjectName: boolean;
  /** Whether images are also told apart by `__imagetype` and `__isregistered`. */
  imageKinds: boolean;
  /** Whether a list of servers by image passes over every other filter, the limit and the marker. */
  imageFilterAlone: boolean;
  /** What a disk may hold at least, in GiB. */
  smallestDiskGiB: number;
  /** Whether a new disk must be told its zone, and goes only to servers of that zone. */
  zonedDisks: boolean;
  /** What a server's boot disk may hold at most, in GiB; null: whatever the quota allows. */
  largestBootDiskGiB: number | null;
  /** Server names of letters, digits, `_`, `-` and `.` only. */
  plainServerNames: boolean;
};

export const profiles: Record<ProfileName, Profile> = {
  openstack: {
    name: 'openstack',
    federationToken: 'access_token',
    federationForm: 'keystone',
    projectInPath: false,
    hardStop: false,
    resizeBackend: 'nova',
    nativeApi: false,
    bootDiskTypeSince: '2.67',
    strictNetworks: false,
    describedNetworks: true,
    regionInProjectName: false,
    imageKinds: false,
    imageFilterAlone: false,
    smallestDiskGiB: 1,
    zonedDisks: false,
    largestBootDiskGiB: null,
    plainServerNames: false,
  },
  otc: {
    name: 'otc',
    federationToken: 'id_token',
    federationForm: 'iam',
    projectInPath: true,
    hardStop: true,
    resizeBackend: 'nova',
    nativeApi: true,
    bootDiskTypeSince: null,
    strictNetworks: true,
    describedNetworks: false,
    regionInProjectName: true,
    imageKinds: true,
    imageFilterAlone: true,
    smallestDiskGiB: 10,
    zonedDisks: true,
    largestBootDiskGiB: 1024,
    plainServerNames: true,
  },
  huawei: {
    name: 'huawei',
    federationToken: 'id_token',
    federationForm: 'iam',
    projectInPath: true,
    hardStop: true,
    resizeBackend: 'native',
    nativeApi: true,
    bootDiskTypeSince: null,
    strictNetworks: true,
    describedNetworks: false,
    regionInProjectName: true,
    imageKinds: true,
    imageFilterAlone: true,
    smallestDiskGiB: 10,
    zonedDisks: true,
    largestBootDiskGiB: 1024,
    plainServerNames: true,
  },
};
