// Every command there is; the order is the order of `help`. A new command is its own file and a line here.
import type { Command } from './command.ts';
import { flavors } from './flavors.ts';
import { createHelp } from './help.ts';
import { list } from './list.ts';
import { login, logout, whoami } from './login.ts';
import { reboot, start, stop } from './power.ts';
import { project } from './project.ts';
import { approve, cancel, confirm, deny, requests, revert } from './requests.ts';
import { resize } from './resize.ts';
import { show } from './show.ts';

export const commands: readonly Command[] = [
  createHelp(() => commands),
  login,
  logout,
  whoami,
  project,
  list,
  show,
  flavors,
  start,
  stop,
  reboot,
  resize,
  requests,
  approve,
  deny,
  cancel,
  confirm,
  revert,
];
