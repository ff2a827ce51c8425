// Every command there is; the order is the order of `help`. A new command is its own file and a line here.
import type { Command } from './command.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { diskAttach } from './disk-attach.ts';
import { diskCreate } from './disk-create.ts';
import { diskDetach } from './disk-detach.ts';
import { diskList } from './disk.ts';
import { flavors } from './flavors.ts';
import { fpgaAssociate, fpgaDisassociate } from './fpga-associate.ts';
import { fpgaList } from './fpga.ts';
import { createHelp } from './help.ts';
import { images } from './images.ts';
import { keypairCreate } from './keypair-create.ts';
import { keypairImport } from './keypair-import.ts';
import { keypairDelete, keypairList } from './keypair.ts';
import { limits } from './limits.ts';
import { list } from './list.ts';
import { login, logout, whoami } from './login.ts';
import { networkCreate } from './network-create.ts';
import { networks } from './networks.ts';
import { nicAttach } from './nic-attach.ts';
import { nicDetach } from './nic-detach.ts';
import { nicList } from './nic.ts';
import { portCreate } from './port-create.ts';
import { reboot, start, stop } from './power.ts';
import { project } from './project.ts';
import { region } from './region.ts';
import { approve, cancel, confirm, deny, requests, revert } from './requests.ts';
import { resize } from './resize.ts';
import { show } from './show.ts';
import { subnetCreate } from './subnet-create.ts';
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
  keypairList,
  keypairCreate,
  keypairImport,
  keypairDelete,
  create,
  start,
  stop,
  reboot,
  remove,
  resize,
  requests,
  approve,
  deny,
  cancel,
  confirm,
  revert,
  diskList,
  diskCreate,
  diskAttach,
  diskDetach,
  nicList,
  nicAttach,
  nicDetach,
  networkCreate,
  subnetCreate,
  portCreate,
  fpgaList,
  fpgaAssociate,
  fpgaDisassociate,
];
