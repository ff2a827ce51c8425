// The sign-in pages: plain HTML that works on a phone and without script. Pure; everything shown is escaped here.
import type { Invitation, Problem, Proof } from './web-login.ts';

/** Constant, so that the policy can name it by its hash and allow no other style. */
export const STYLE = `:root{color-scheme:light dark}
body{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:2rem 1.25rem;color:#1d1c1d;background:#fff}
h1{font-size:1.5rem;line-height:1.25}
dl{margin:1.5rem 0;padding:1rem 1.25rem;border:1px solid #8a8d93;border-radius:10px}
dt{font-size:.85rem;color:#5b5e64}dd{margin:0 0 .75rem;font-weight:600;overflow-wrap:anywhere}dd:last-child{margin:0}
button{font:inherit;font-weight:600;width:100%;padding:.9rem;border:0;border-radius:10px;background:#0b5c99;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #1d1c1d;outline-offset:2px}
.code{font:700 2.6rem/1.2 ui-monospace,monospace;letter-spacing:.08em;text-align:center;margin:1.5rem 0;user-select:all}
code{font-family:ui-monospace,monospace;padding:.1rem .35rem;border:1px solid #8a8d93;border-radius:5px;white-space:nowrap}
.secret{font:.8rem/1.4 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;padding:1rem;border:1px solid #8a8d93;border-radius:10px}
.warn{padding:.9rem 1.1rem;border-left:5px solid #b25000;background:#fff4e5;color:#1d1c1d}
@media (prefers-color-scheme:dark){body{color:#e8e8e8;background:#1a1d21}dt{color:#b9bbbe}}`;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Characters that turn the reading direction around could make one name look like another. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LONGEST_NAME = 120;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => ESCAPES[found] ?? found);
}

/** What the page needs to know of its deployment. `command` is SLACK_COMMAND. */
export type Words = { command: string };

/** GET of a link: who would be signed in, and a button. */
export function renderInvitation({ person, names }: Invitation, csrf: string): string {
  const unknown = names.userName === null || names.teamName === null;
  return renderPage(
    'Sign in to the cloud',
    `<p>You are about to connect this Slack user to your account in the cloud:</p>
<dl><dt>Slack user</dt><dd>${nameOr(names.userName, person.userId)}</dd>
<dt>Workspace</dt><dd>${nameOr(names.teamName, person.teamId)}</dd></dl>
${unknown ? UNKNOWN : ''}
<p class="warn">Go on only if this is you and you asked for this link in Slack. If somebody sent it to you, close this page.</p>
<form method="post"><input type="hidden" name="csrf" value="${escapeHtml(csrf)}"><button>This is me, go on</button></form>`,
  );
}

const UNKNOWN = `<p class="warn">Slack did not tell us the name, so only its id is shown. Go on only if you asked for this link yourself, just now.</p>`;

/** After the identity provider: the code that proves that browser and Slack user belong to one person. */
export function renderProof({ person, names, code, cloudUser, projects }: Proof, { command }: Words): string {
  const who = names.userName === null ? 'the Slack user who asked for the link' : named(names.userName);
  return renderPage(
    'One step left: type this code in Slack',
    `<p class="code">${escapeHtml(code)}</p>
<p>Go back to the Slack window and, as ${who}, type <code>${escapeHtml(command)} login ${escapeHtml(code)}</code>
or press <b>Enter code</b> there.</p>
<dl><dt>Cloud account</dt><dd>${named(cloudUser)}</dd>
<dt>Slack user</dt><dd>${nameOr(names.userName, person.userId)}</dd>
<dt>Workspace</dt><dd>${nameOr(names.teamName, person.teamId)}</dd></dl>
${projects === 0 ? NO_PROJECTS : ''}
<p class="warn">Give this code to nobody: whoever types it acts in the cloud as you. Nothing is signed in until it is typed.</p>`,
  );
}

const NO_PROJECTS = `<p class="warn">Your cloud account has no role in any project yet. Ask the cloud's administrator for one.</p>`;

export function renderProblem(problem: Problem | 'no_cookie' | 'not_from_page', { command }: Words): string {
  const { title, advice } = PROBLEMS[problem];
  const login = `<code>${escapeHtml(command)} login</code>`;
  return renderPage(title, `<p>${advice.replaceAll('LOGIN', login)}</p>`);
}

/** For what nobody foresaw. The reference is in the log. */
export function renderFailure(reference: string, { command }: Words): string {
  const login = `<code>${escapeHtml(command)} login</code>`;
  return renderPage(
    'Something went wrong here',
    `<p>This is not your fault. Type ${login} in Slack for a new link; if it happens again, give the operator the reference
<code>${escapeHtml(reference)}</code>.</p>`,
  );
}

const PROBLEMS: Record<Problem | 'no_cookie' | 'not_from_page', { title: string; advice: string }> = {
  dead_link: {
    title: 'This link no longer works',
    advice:
      'It was used already, it has expired, or you asked for a newer one. Type LOGIN in Slack and open the new link.',
  },
  unknown_trip: {
    title: 'This sign-in is over',
    advice: 'It was finished, it took too long, or a newer one has replaced it. Type LOGIN in Slack to start again.',
  },
  other_browser: {
    title: 'This sign-in began in another browser',
    advice: 'It must end where it began. Type LOGIN in Slack, open the new link in one browser and stay in it.',
  },
  in_progress: {
    title: 'The cloud is being asked',
    advice: 'Reload this page in a few seconds. If it stays like this, type LOGIN in Slack for a new link.',
  },
  denied: {
    title: 'The identity provider did not sign you in',
    advice: 'You cancelled, or your account may not use this service. Type LOGIN in Slack to try again.',
  },
  provider_away: {
    title: 'The identity provider does not answer',
    advice: 'Wait a few minutes, then type LOGIN in Slack for a new link.',
  },
  provider_refuses: {
    title: 'The identity provider does not accept this bot',
    advice: 'Tell the operator of the bot: the reason is in its log. Once it is mended, type LOGIN in Slack.',
  },
  cloud_away: {
    title: 'The cloud does not answer',
    advice: 'Wait a few minutes, then type LOGIN in Slack for a new link.',
  },
  cloud_refuses: {
    title: 'The cloud does not accept your account',
    advice:
      'You are known to the identity provider but not to the cloud. Ask the cloud’s administrator for access, then type LOGIN in Slack. If nobody can sign in any more, the cloud may lack the provider’s newest keys: tell its administrator that, too.',
  },
  cloud_not_set_up: {
    title: 'The cloud does not know this way of signing in',
    advice:
      'It is not set up for the identity provider yet, or not any more. Tell the operator of the bot: the reason is in its log. Once it is mended, type LOGIN in Slack.',
  },
  no_cookie: {
    title: 'This page needs a cookie',
    advice: 'It ties the sign-in to this browser. Allow cookies for this address, then open the link from Slack again.',
  },
  not_from_page: {
    title: 'That did not come from our page',
    advice:
      'Nothing was done. Open the link from Slack and press the button there; if it no longer works, type LOGIN in Slack.',
  },
};

/** A person or workspace by name, as HTML, else by id. */
export function nameOr(name: string | null, id: string): string {
  return name === null ? `unknown name, id ${escapeHtml(id)}` : named(name);
}

/** Somebody else's words, as HTML. */
export function named(name: string): string {
  const plain = name.replaceAll(DIRECTION, '').trim();
  return `<bdi>${escapeHtml(plain.slice(0, LONGEST_NAME))}</bdi>`;
}

/** `body` is HTML. */
export function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`;
}
