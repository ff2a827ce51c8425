// Puts the parts of one simulated workspace together.
import { Events } from './events.ts';
import { Faults } from './faults.ts';
import type { Delivery } from './journal.ts';
import type { Settings } from './options.ts';
import { Rates } from './rates.ts';
import { Sender } from './sender.ts';
import { SocketMode } from './socket-mode.ts';
import { ResponseUrls, Triggers } from './tickets.ts';
import { Views } from './views.ts';
import { Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** `url`: root of the simulator's own addresses; `onChange` hears of everything a person could see. */
export function createWorld(settings: Settings, url: string, onChange: (version: number) => void): World {
  const faults = new Faults();
  const deliveries: Delivery[] = [];
  const sockets = new SocketMode(settings);
  const sender = new Sender({ settings, faults, deliveries, socket: () => sockets.transport() });
  return {
    settings,
    workspace: new Workspace(settings, onChange),
    views: new Views(settings),
    triggers: new Triggers(settings),
    responseUrls: new ResponseUrls(settings),
    rates: new Rates(settings.now),
    faults,
    sender,
    events: new Events(settings, sender),
    sockets,
    calls: [],
    deliveries,
    refusals: [],
    url,
    revoked: false,
  };
}
