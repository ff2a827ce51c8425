// What the contract tests need to know of a cloud: who can sign in, what there is, what this cloud cannot show.
import type { IdentityService } from '../../../src/openstack/identity.ts';
import type { Profile } from '../../../src/openstack/profile.ts';

/** Something a test needs: there, or not, and then why, in words for the list at the end of a run. */
export type Offer<T> = { given: T } | { missing: string };

/**
 * `member` may do everything to servers of the main project, `colleague` too, `reader` may only look. `administrator`
 * may do more than that.
 */
export type Role = 'member' | 'colleague' | 'reader' | 'administrator';

/** A person with a password; `project` is the id of the one they work in. */
export type Account = { name: string; password: string; domain: string; project: string };

/** Parts of a control plane that can be down while the rest works. */
export type Part = 'network' | 'placement' | 'computes';

/** Ids throughout. `medium` differs from `small`, and both fit. */
export type Flavors = {
  small: string;
  medium: string;
  disabled: Offer<string>;
  /** A resize to it is accepted and finds no host. */
  fitsNoHost: Offer<string>;
  /** A resize to it is accepted and fails on the host it goes to. */
  failsOnHost: Offer<string>;
};

/** What a project may have of each; key pairs are counted per person. */
export type Quota = {
  instances?: number;
  cores?: number;
  ramMiB?: number;
  keyPairs?: number;
  volumes?: number;
  gigabytes?: number;
  networks?: number;
  subnets?: number;
  ports?: number;
};

/** `empty`: without its contents as yet, so that nothing can be made from it. */
export type NewImage = { name: string; minDiskGiB?: number; minRamMiB?: number; empty?: boolean };

export type NewServer = { name: string; flavor: string; project: string; tags: string[] };

export type CloudUnderTest = {
  /** E.g. `OpenStack at https://keystone.example.org/v3`. */
  name: string;
  identity: IdentityService;
  profile: Profile;
  region: string | null;
  /** `public`, `internal` or `admin`. */
  interface: string;
  /** How often to look while something changes, and how long at most. */
  pollMs: number;
  patienceMs: number;
  people: { member: Account } & Record<Exclude<Role, 'member'>, Offer<Account>>;
  /** Another project of the member's, by id. */
  otherProject: Offer<string>;
  flavors: Flavors;
  /** What servers are made from, and a network of the member's project to put them in; by id. */
  image: string;
  network: Offer<string>;
  /** The root of the old API, which knows no microversions. */
  legacyCompute: Offer<string>;
  /** Whether the compute service goes on taking a revoked token that it has seen. */
  remembersTokens: Offer<true>;
  /** Boots it; it may still be building when this resolves. */
  addServer(server: NewServer): Promise<{ id: string; reservationId: string }>;
  /** One of the member's project; the answer takes it away again. */
  addImage(image: NewImage): Promise<{ id: string; remove(): Promise<void> }>;
  /** Whether a server can be made on a disk of its own, filled from an image. */
  fillsBootDisks: Offer<true>;
  /** A disk of this name in the member's project that ends in `error`, or is there already; by id. */
  addBrokenDisk: Offer<(name: string) => Promise<string>>;
  /** Sees to it that the boot disk of the server that will have this name cannot be filled. */
  spoilBootDisk: Offer<(server: string) => void>;
  /** `roles`: exactly these. `expiresAt` in ms since the epoch. */
  addCredential(of: Account, limits: { roles?: string[]; expiresAt?: number }): Promise<Credential>;
  removeCredential(of: Account, id: string): Promise<void>;
  /** Changes the project's quota; the answer puts back what it was. */
  setQuota: Offer<(project: string, quota: Quota) => Promise<() => Promise<void>>>;
  /** Takes a part down; the answer brings it back, and resolves once it works. */
  breakDown: Offer<(part: Part) => Promise<() => Promise<void>>>;
  close(): Promise<void>;
};

export type Credential = { id: string; secret: string };
