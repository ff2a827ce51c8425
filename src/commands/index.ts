// Every command there is, by topic; the order is the order of `help`. A new command is its own file and a line here.
import type { Command, Topic } from './command.ts';
import { create } from './create/create.ts';
import { remove } from './server/delete.ts';
import { diskAttach } from './disk/attach.ts';
import { diskCreate } from './disk/create.ts';
import { diskDetach } from './disk/detach.ts';
import { diskList } from './disk/list.ts';
import { flavors } from './stock/flavors.ts';
import { fpgaAssociate } from './fpga/associate.ts';
import { fpgaDisassociate } from './fpga/disassociate.ts';
import { fpgaList } from './fpga/list.ts';
import { createHelp } from './help.ts';
import { images } from './stock/images.ts';
import { keypairCreate } from './keypair/create.ts';
import { keypairImport } from './keypair/import.ts';
import { keypairDelete } from './keypair/delete.ts';
import { keypairList } from './keypair/list.ts';
import { limits } from './stock/limits.ts';
import { list } from './server/list.ts';
import { login } from './account/login.ts';
import { logout } from './account/logout.ts';
import { whoami } from './account/whoami.ts';
import { networkCreate } from './network/create.ts';
import { networks } from './stock/networks.ts';
import { nicAttach } from './nic/attach.ts';
import { nicDetach } from './nic/detach.ts';
import { nicList } from './nic/list.ts';
import { portCreate } from './network/port-create.ts';
import { reboot } from './server/reboot.ts';
import { start } from './server/start.ts';
import { stop } from './server/stop.ts';
import { project } from './account/project.ts';
import { region } from './account/region.ts';
import { approve, cancel, confirm, deny, revert } from './resize/decisions.ts';
import { requests } from './resize/requests.ts';
import { resize } from './resize/resize.ts';
import { show } from './server/show.ts';
import { subnetCreate } from './network/subnet-create.ts';
import { versions } from './stock/versions.ts';
import { zones } from './stock/zones.ts';

export const topics: readonly Topic[] = [
  {
    title: 'You, and where you work',
    commands: [createHelp(() => topics), login, logout, whoami, project, region, versions],
  },
  { title: 'What there is', commands: [list, show, flavors, images, networks, zones, limits] },
  { title: 'Key pairs', commands: [keypairList, keypairCreate, keypairImport, keypairDelete] },
  { title: 'Servers', commands: [create, start, stop, reboot, remove] },
  { title: 'Resizing', commands: [resize, requests, approve, deny, cancel, confirm, revert] },
  { title: 'Disks', commands: [diskList, diskCreate, diskAttach, diskDetach] },
  {
    title: 'NICs and networks',
    commands: [nicList, nicAttach, nicDetach, networkCreate, subnetCreate, portCreate],
  },
  { title: 'FPGA images', commands: [fpgaList, fpgaAssociate, fpgaDisassociate] },
];

export const commands: readonly Command[] = topics.flatMap((topic) => topic.commands);
