// Everything the simulated cloud holds besides projects, people, flavors and servers. No HTTP, no time passing.

import { randomUUID } from 'node:crypto';

import type { Now } from '../../../../src/clock.ts';
import { addressesOf, shareOut } from '../network/ranges.ts';
import { hexFrom, macFrom, uuidFrom } from './ids.ts';
import { fingerprintOf, someKey } from './keys.ts';
import type {
  SimFpgaImage,
  SimImage,
  SimJob,
  SimKeyPair,
  SimNetwork,
  SimPort,
  SimSubnet,
  SimVolume,
  SimVolumeType,
} from './model.ts';
import type { FpgaImageSeed, ImageSeed, KeyPairSeed, NetworkSeed, StockSeed, VolumeSeed } from './seeds.ts';

/** Names from seeds become ids; both throw for unknown ones. */
export type Directory = { projectId(name: string): string; userId(name: string): string };

export class Stock {
  readonly images = new Map<string, SimImage>();
  readonly volumes = new Map<string, SimVolume>();
  readonly volumeTypes: SimVolumeType[];
  readonly networks = new Map<string, SimNetwork>();
  readonly subnets = new Map<string, SimSubnet>();
  readonly ports = new Map<string, SimPort>();
  /** By `user id` and name. */
  readonly keyPairs = new Map<string, SimKeyPair>();
  readonly fpgaImages = new Map<string, SimFpgaImage>();
  /** `{fpga image id} {image id}`. */
  readonly fpgaPairs = new Set<string>();
  readonly jobs = new Map<string, SimJob>();
  readonly zones: string[];
  /** Server id → its ports: lists of servers ask for every one of them. */
  readonly #seated = new Map<string, Set<SimPort>>();
  readonly #directory: Directory;
  readonly #now: Now;

  constructor(seed: StockSeed, directory: Directory, now: Now) {
    this.#directory = directory;
    this.#now = now;
    this.zones = [...seed.zones];
    this.volumeTypes = seed.volumeTypes.map(({ name, zones }) => ({
      id: uuidFrom(`type:${name}`),
      name,
      zones: zones ?? null,
    }));
    for (const image of seed.images) this.addImage(image);
    for (const network of seed.networks) this.addNetwork(network);
    for (const volume of seed.volumes) this.addVolume(volume);
    for (const keyPair of seed.keyPairs) this.addKeyPair(keyPair);
    for (const image of seed.fpgaImages) this.addFpgaImage(image);
  }

  addImage(seed: ImageSeed): SimImage {
    const image: SimImage = {
      id: seed.id ?? uuidFrom(`image:${seed.name}:${this.images.size}`),
      name: seed.name,
      status: seed.status ?? 'active',
      visibility: seed.visibility ?? 'public',
      ownerId: this.#directory.projectId(seed.project ?? 'admin'),
      minDiskGiB: seed.minDiskGiB ?? 0,
      minRamMiB: seed.minRamMiB ?? 0,
      sizeBytes: seed.sizeBytes ?? 1_048_576,
      system: seed.system ?? 'linux',
      createdAt: this.#now(),
    };
    this.images.set(image.id, image);
    return image;
  }

  addVolume(seed: VolumeSeed): SimVolume {
    const volume: SimVolume = {
      id: seed.id ?? uuidFrom(`volume:${seed.name}:${this.volumes.size}`),
      name: seed.name,
      projectId: this.#directory.projectId(seed.project),
      userId: this.#directory.userId(seed.user ?? 'alice'),
      status: seed.status ?? 'available',
      sizeGiB: seed.sizeGiB,
      type: seed.type ?? this.volumeTypes[0]?.name ?? 'standard',
      zone: seed.zone ?? this.zones[0] ?? 'nova',
      bootable: seed.bootable ?? false,
      metadata: {},
      imageId: null,
      attachment: null,
      deleteWithServer: false,
      createdAt: this.#now(),
      updatedAt: null,
    };
    this.volumes.set(volume.id, volume);
    return volume;
  }

  /** With a subnet for each range. */
  addNetwork(seed: NetworkSeed): SimNetwork {
    const projectId = this.#directory.projectId(seed.project);
    const network: SimNetwork = {
      id: uuidFrom(`network:${seed.name}:${this.networks.size}`),
      name: seed.name,
      projectId,
      shared: seed.shared ?? false,
      external: seed.external ?? false,
      description: '',
      createdAt: this.#now(),
    };
    this.networks.set(network.id, network);
    for (const cidr of seed.cidrs)
      this.addSubnet({ name: `${seed.name}-subnet`, networkId: network.id, projectId, cidr });
    return network;
  }

  addSubnet(wanted: Pick<SimSubnet, 'name' | 'networkId' | 'projectId' | 'cidr'> & Partial<SimSubnet>): SimSubnet {
    const subnet: SimSubnet = {
      id: uuidFrom(`subnet:${wanted.networkId}:${wanted.cidr}:${this.subnets.size}`),
      ...shareOut(wanted.cidr),
      dnsServers: [],
      description: '',
      createdAt: this.#now(),
      ...wanted,
    };
    this.subnets.set(subnet.id, subnet);
    return subnet;
  }

  addPort(wanted: Pick<SimPort, 'networkId' | 'projectId' | 'fixedIps'> & Partial<SimPort>): SimPort {
    const id = wanted.id ?? randomUUID();
    const port: SimPort = {
      id,
      name: '',
      mac: macFrom(`port ${id}`),
      status: 'DOWN',
      deviceId: '',
      deviceOwner: '',
      securityGroups: [uuidFrom(`security group default ${wanted.projectId}`)],
      madeByNova: false,
      description: '',
      createdAt: this.#now(),
      ...wanted,
    };
    this.ports.set(id, port);
    if (port.deviceId !== '') this.seat(port, port.deviceId, port.deviceOwner);
    return port;
  }

  addKeyPair(seed: KeyPairSeed): SimKeyPair {
    const publicKey = seed.publicKey ?? someKey(seed.name);
    return this.keepKeyPair({ name: seed.name, userId: this.#directory.userId(seed.user), publicKey });
  }

  keepKeyPair(wanted: Pick<SimKeyPair, 'name' | 'userId' | 'publicKey'>): SimKeyPair {
    const fingerprint = fingerprintOf(wanted.publicKey) ?? '';
    const keyPair: SimKeyPair = { ...wanted, fingerprint, type: 'ssh', createdAt: this.#now() };
    this.keyPairs.set(`${wanted.userId} ${wanted.name}`, keyPair);
    return keyPair;
  }

  addFpgaImage(seed: FpgaImageSeed): SimFpgaImage {
    const image: SimFpgaImage = {
      id: hexFrom(`fpga:${seed.name}:${this.fpgaImages.size}`),
      name: seed.name,
      projectId: this.#directory.projectId(seed.project),
      status: seed.status ?? 'active',
      sizeMB: 45,
      createdAt: this.#now(),
      message: seed.message ?? null,
    };
    this.fpgaImages.set(image.id, image);
    return image;
  }

  /** The port belongs to a server from now on. */
  seat(port: SimPort, deviceId: string, deviceOwner: string): void {
    Object.assign(port, { deviceId, deviceOwner });
    this.#seated.set(deviceId, (this.#seated.get(deviceId) ?? new Set()).add(port));
  }

  releasePort(port: SimPort): void {
    if (port.madeByNova) return this.removePort(port);
    this.#seated.get(port.deviceId)?.delete(port);
    Object.assign(port, { deviceId: '', deviceOwner: '', status: 'DOWN' });
  }

  removePort(port: SimPort): void {
    this.#seated.get(port.deviceId)?.delete(port);
    this.ports.delete(port.id);
  }

  volumesOf(serverId: string): SimVolume[] {
    return [...this.volumes.values()].filter((volume) => volume.attachment?.serverId === serverId);
  }

  portsOf(serverId: string): SimPort[] {
    return [...(this.#seated.get(serverId) ?? [])];
  }

  subnetsOf(networkId: string): SimSubnet[] {
    return [...this.subnets.values()].filter((subnet) => subnet.networkId === networkId);
  }

  /** An address of the network that no port has; null when all are taken. */
  freeAddress(networkId: string, subnetId?: string): { subnetId: string; address: string } | null {
    for (const subnet of this.subnetsOf(networkId)) {
      if (subnetId !== undefined && subnet.id !== subnetId) continue;
      for (const address of addressesOf(subnet.pools)) {
        if (!this.isTaken(networkId, address)) return { subnetId: subnet.id, address };
      }
    }
    return null;
  }

  isTaken(networkId: string, address: string): boolean {
    return [...this.ports.values()].some(
      (port) => port.networkId === networkId && port.fixedIps.some((ip) => ip.address === address),
    );
  }

  /** By name or id, for tests; throws when there is none. */
  volume(nameOrId: string): SimVolume {
    return named('volume', this.volumes, nameOrId);
  }

  network(nameOrId: string): SimNetwork {
    return named('network', this.networks, nameOrId);
  }

  image(nameOrId: string): SimImage {
    return named('image', this.images, nameOrId);
  }

  fpgaImage(nameOrId: string): SimFpgaImage {
    return named('FPGA image', this.fpgaImages, nameOrId);
  }
}

function named<T extends { name: string }>(kind: string, things: Map<string, T>, nameOrId: string): T {
  const thing = things.get(nameOrId) ?? [...things.values()].find(({ name }) => name === nameOrId);
  if (thing === undefined) throw new Error(`the simulated cloud has no ${kind} ${nameOrId}`);
  return thing;
}
