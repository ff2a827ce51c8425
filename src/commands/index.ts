// Every command there is; the order is the order of `help`. A new command is its own file and a line here.
import type { Command } from './command.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { flavors } from './flavors.ts';
import { createHelp } from './help.ts';
import { images } from './images.ts';
import { limits } from './limits.ts';
import { list } from './list.ts';
import { login, logout, whoami } from './login.ts';
import { networks } from './networks.ts';
import { reboot, start, stop } from './power.ts';
import { project } from './project.ts';
import { region } from './region.ts';
import { approve, cancel, confirm, deny, requests, revert } from './requests.ts';
import { resize } from './resize.ts';
import { show } from './show.ts';
import { versions } from './versions.ts';
import { zones } from './zones.ts';

export const commands: readonly Command[] = [
  createHelp(() => commands),
  login,
  logout,
  whoami,
  project,
  region,
  versions,
  list,
  show,
  flavors,
  images,
  networks,
  zones,
  limits,
  start,
  stop,
  reboot,
  remove,
  create,
  resize,
  requests,
  approve,
  deny,
  cancel,
  confirm,
  revert,
];
