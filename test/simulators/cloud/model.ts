// What the simulated cloud is made of. Plain data: times are milliseconds since the epoch.

import type { FlavorSeed, Quota } from './seeds.ts';

export type SimProject = {
  id: string;
  name: string;
  description: string;
  enabled: boolean;
  domain: { id: string; name: string };
  quota: Quota;
};

export type SimUser = { id: string; name: string; password: string; enabled: boolean; defaultProjectId: string | null };

export type SimFlavor = Required<FlavorSeed>;

export type SimEvent = {
  event: string;
  startedAt: number;
  finishedAt: number | null;
  result: 'Success' | 'Error' | null;
};

/** One line of a server's `os-instance-actions`. */
export type SimAction = {
  action: string;
  requestId: string;
  userId: string;
  projectId: string;
  startedAt: number;
  updatedAt: number;
  message: 'Error' | null;
  events: SimEvent[];
};

export type SimServer = {
  id: string;
  name: string;
  projectId: string;
  userId: string;
  vmState: string;
  /** After its deletion, which for a moment only shows as DELETED: now only who asks for changes still finds it. */
  isErased: boolean;
  taskState: string | null;
  /** 0 none, 1 running, 3 paused, 4 shut down, 7 suspended. */
  powerState: number;
  flavorId: string;
  /** The disk it was made with: a server booted from an image never gets less. */
  minDiskGiB: number;
  /** Flavor to go back to while a resize is not confirmed. */
  oldFlavorId: string | null;
  oldVmState: string | null;
  migration: 'finished' | 'confirming' | 'reverting' | null;
  /** User id of whoever locked it. */
  lockedBy: string | null;
  lockedReason: string | null;
  fault: { code: number; message: string; createdAt: number } | null;
  /** No host ever took it: Nova keeps it apart, and lists it without its fault. */
  isHomeless: boolean;
  createdAt: number;
  updatedAt: number;
  launchedAt: number | null;
  terminatedAt: number | null;
  host: string;
  imageId: string | null;
  keyName: string | null;
  zone: string;
  description: string | null;
  metadata: Record<string, string>;
  tags: string[];
  addresses: Record<string, string[]>;
  volumeIds: string[];
  reservationId: string;
  actions: SimAction[];
};
