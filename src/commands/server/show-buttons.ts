// What can be done with a server in the state it is in, as buttons. Pure: they carry lines, and everything is read again.
import type { ActionsBlockElement } from '@slack/types';
import type { Server } from '../../openstack/server.ts';
import type { ResizeRequest } from '../../resize/request.ts';
import { overflow } from '../../slack/inputs.ts';
import type { Choice } from '../../slack/reply.ts';
import { RUN, runButton } from '../buttons.ts';
import { remove } from './delete.ts';
import { diskAttach } from '../disk/attach.ts';
import { nicAttach } from '../nic/attach.ts';
import { exactLine } from '../grammar/parse.ts';
import { reboot } from './reboot.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { confirm, revert } from '../resize/decisions.ts';
import { resize } from '../resize/resize.ts';
import { fitsMenu } from './menu.ts';
import { plainName } from './words.ts';

/** Nothing while the cloud is still at work on it, or it is locked: it would refuse. `request`: the open resize of this server. */
export function buttonsFor(server: Server, request: ResizeRequest | null): ActionsBlockElement[] {
  if (server.taskState !== null || server.locked === true) return [];
  switch (server.status) {
    case 'ACTIVE':
      return [
        resizeButton(server),
        rebootButton(server),
        stopButton(server),
        ...more(server, ['disk', 'nic', 'delete']),
      ];
    case 'SHUTOFF':
      return [startButton(server), resizeButton(server), ...more(server, ['disk', 'nic', 'delete'])];
    case 'ERROR':
      return [hardRebootButton(server), stopButton(server), ...more(server, ['delete'])];
    case 'PAUSED':
    case 'SUSPENDED':
      return [hardRebootButton(server), ...more(server, ['delete'])];
    case 'SHELVED':
    case 'SHELVED_OFFLOADED':
    case 'RESCUE':
      return more(server, ['delete']);
    case 'VERIFY_RESIZE':
      return request?.state === 'awaiting_confirmation' ? [confirmButton(request), revertButton(request)] : [];
    default:
      return [];
  }
}

function startButton({ id }: Server) {
  return runButton({ id: 'start', text: 'Start', style: 'primary', line: exactLine(start, { server: id }) });
}

function resizeButton({ id }: Server) {
  return runButton({ id: 'resize', text: 'Resize', line: exactLine(resize, { server: id }) });
}

function rebootButton(server: Server) {
  return runButton({
    id: 'reboot',
    text: 'Reboot',
    line: exactLine(reboot, { server: server.id, yes: true }),
    confirm: {
      title: 'Reboot this server?',
      text: `${plainName(server)} restarts; what runs on it is interrupted.`,
      confirm: 'Reboot',
      style: 'danger',
    },
  });
}

/** What brings a broken server back most often. */
function hardRebootButton(server: Server) {
  return runButton({
    id: 'hardreboot',
    text: 'Reboot hard',
    line: exactLine(reboot, { server: server.id, hard: true, yes: true }),
    confirm: {
      title: 'Reboot this server hard?',
      text: `The power of ${plainName(server)} is cut and switched on again: what it has not written to disk is lost.`,
      confirm: 'Reboot',
      style: 'danger',
    },
  });
}

function stopButton(server: Server) {
  return runButton({
    id: 'stop',
    text: 'Stop',
    style: 'danger',
    line: exactLine(stop, { server: server.id, yes: true }),
    confirm: {
      title: 'Stop this server?',
      text: `${plainName(server)} shuts down and stays down until somebody starts it.`,
      confirm: 'Stop',
      style: 'danger',
    },
  });
}

function confirmButton({ id }: ResizeRequest) {
  return runButton({ id: 'confirm', text: 'Confirm', style: 'primary', line: exactLine(confirm, { request: id }) });
}

function revertButton({ id, plan }: ResizeRequest) {
  return runButton({
    id: 'revert',
    text: 'Revert',
    style: 'danger',
    line: exactLine(revert, { request: id }),
    confirm: {
      title: 'Revert the resize?',
      text: `Data written on ${plainName(plan.server)} since the resize is lost.`,
      confirm: 'Revert',
      style: 'danger',
    },
  });
}

const MORE: Record<'disk' | 'nic' | 'delete', { text: string; line(server: Server): string }> = {
  disk: { text: 'Attach a disk', line: ({ id }) => exactLine(diskAttach, { server: id }) },
  nic: { text: 'Attach a NIC', line: ({ id }) => exactLine(nicAttach, { server: id }) },
  delete: { text: 'Delete', line: ({ id }) => exactLine(remove, { server: id }) },
};

/** What is done more seldom, and asks back itself, behind three dots. */
function more(server: Server, which: (keyof typeof MORE)[]): ActionsBlockElement[] {
  const choices: Choice[] = which.map((name) => ({ text: MORE[name].text, value: MORE[name].line(server) }));
  const usable = choices.filter(({ value }) => fitsMenu({ id: value }));
  return usable.length === 0 ? [] : [overflow({ actionId: `${RUN}:more`, choices: usable })];
}
