// What a project has besides servers: images, disks, networks, keys, FPGA images, jobs. Plain data, times in ms.

export type SimImage = {
  id: string;
  name: string;
  status: string;
  visibility: 'public' | 'private' | 'shared' | 'community';
  ownerId: string;
  minDiskGiB: number;
  minRamMiB: number;
  sizeBytes: number;
  system: string;
  createdAt: number;
};

export type SimVolume = {
  id: string;
  name: string;
  projectId: string;
  userId: string;
  status: string;
  sizeGiB: number;
  type: string;
  zone: string;
  bootable: boolean;
  metadata: Record<string, string>;
  imageId: string | null;
  /** Nova's record of it, there from the moment the order is accepted; `at` null until it is really attached. */
  attachment: { id: string; serverId: string; device: string; at: number | null; isRoot: boolean } | null;
  deleteWithServer: boolean;
  createdAt: number;
  updatedAt: number | null;
};

export type SimVolumeType = { id: string; name: string; zones: string[] | null };

export type SimNetwork = {
  id: string;
  name: string;
  projectId: string;
  shared: boolean;
  external: boolean;
  description: string;
  createdAt: number;
};

export type SimSubnet = {
  id: string;
  name: string;
  networkId: string;
  projectId: string;
  cidr: string;
  gateway: string | null;
  dnsServers: string[];
  pools: { start: string; end: string }[];
  description: string;
  createdAt: number;
};

export type SimPort = {
  id: string;
  name: string;
  networkId: string;
  projectId: string;
  mac: string;
  status: 'ACTIVE' | 'DOWN' | 'BUILD';
  deviceId: string;
  deviceOwner: string;
  fixedIps: { subnetId: string; address: string }[];
  securityGroups: string[];
  /** Nova deletes what it made. */
  madeByNova: boolean;
  description: string;
  createdAt: number;
};

export type SimKeyPair = {
  name: string;
  userId: string;
  publicKey: string;
  fingerprint: string;
  type: string;
  createdAt: number;
};

export type SimFpgaImage = {
  id: string;
  name: string;
  projectId: string;
  status: string;
  sizeMB: number;
  createdAt: number;
  message: string | null;
};

export type SimJob = {
  id: string;
  projectId: string;
  type: string;
  status: string;
  serverId: string;
  beganAt: number;
  endedAt: number | null;
  error: { code: string; reason: string } | null;
};

/** What a project may have of it; -1: any number. */
export type StockQuota = {
  volumes: number;
  gigabytes: number;
  networks: number;
  subnets: number;
  ports: number;
  keyPairs: number;
};
