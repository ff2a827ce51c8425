// The projects of a sign-in: what the cloud lists, with the domain names we have learned from project tokens. Pure.
import type { ListedProject, TokenProject } from '../openstack/identity.ts';
import type { Project } from './sessions.ts';

/** The listed ones only; names of domains are carried over, because the list tells none. */
export function mergeProjects(listed: readonly ListedProject[], known: readonly Project[]): Project[] {
  const domains = new Map(known.map((project) => [project.id, project.domainName]));
  return listed
    .map(({ id, name }) => ({ id, name, domainName: domains.get(id) ?? null }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

/** A project token tells its project's domain and newest name. */
export function learnProject(projects: readonly Project[], told: TokenProject | null): Project[] {
  return projects.map((project) => (project.id === told?.id ? told : project));
}

/** The only one, else the one used before, if it is still there. */
export function defaultProject(projects: readonly Project[], before: string | null): string | null {
  const only = projects.length === 1 ? projects[0] : projects.find((project) => project.id === before);
  return only?.id ?? null;
}
