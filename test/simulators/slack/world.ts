// Everything the parts of the simulator share.
import type { Events } from './events.ts';
import type { Faults } from './faults.ts';
import type { Call, Delivery, Refusal } from './journal.ts';
import type { Settings } from './options.ts';
import type { Rates } from './rates.ts';
import type { Sender } from './sender.ts';
import type { SocketMode } from './socket-mode.ts';
import type { ResponseUrls, Triggers } from './tickets.ts';
import type { Views } from './views.ts';
import type { Workspace } from './workspace.ts';

export type World = {
  settings: Settings;
  workspace: Workspace;
  views: Views;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  rates: Rates;
  faults: Faults;
  sender: Sender;
  events: Events;
  sockets: SocketMode;
  calls: Call[];
  deliveries: Delivery[];
  refusals: Refusal[];
  /** Root of the simulator's own addresses, without a trailing slash. */
  url: string;
  /** After an uninstall every call answers `token_revoked`. */
  revoked: boolean;
};

/** Keeps a refusal for the tests. */
export function refuse(world: World, where: string, refusal: { error: string; details?: string[] }): void {
  const { error, details = [] } = refusal;
  world.refusals.push({ where, error, details, at: world.settings.now() });
}
