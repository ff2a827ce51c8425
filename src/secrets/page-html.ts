// What the one-time page says. Pure; everything shown is escaped here.
import { escapeHtml, named, renderPage } from '../auth/page-html.ts';
import type { Person } from '../slack/reply.ts';
import type { Kept } from './secrets.ts';

export type Owner = { person: Person; userName: string; teamName: string };

/** Why nothing is shown. */
export type Problem =
  /** Shown already, expired, replaced or never there: nobody is told which. */
  'gone' | 'no_cookie' | 'not_from_page';

export function renderOffer({ title, owner }: { title: string; owner: Owner }, csrf: string): string {
  return renderPage(
    'A secret, to be seen once',
    `<p>This page shows it a single time. It is for:</p>
<dl><dt>Slack user</dt><dd>${named(owner.userName)}</dd>
<dt>Workspace</dt><dd>${named(owner.teamName)}</dd>
<dt>Secret</dt><dd>${named(title)}</dd></dl>
<p class="warn">Go on only if this is you and nobody looks over your shoulder. Have a place ready to save it: after this
it is gone. If somebody sent you the link, close this page.</p>
<form method="post"><input type="hidden" name="csrf" value="${escapeHtml(csrf)}"><button>This is me, show it</button></form>`,
  );
}

export function renderSecret({ title, value }: Kept): string {
  return renderPage(
    title,
    `<p>Copy it now; nobody, the bot included, can show it again.</p>
<pre class="secret">${escapeHtml(value)}</pre>
<p class="warn">Keep it to yourself. A private key belongs into a file that only you can read
(<code>chmod 600</code>), never into a chat.</p>`,
  );
}

const PROBLEMS: Record<Problem, { title: string; advice: string }> = {
  gone: {
    title: 'There is nothing here (any more)',
    advice:
      'The secret was shown already, or its time was over. If it was not you who saw it, delete the key pair in Slack with KEYPAIR and make a new one.',
  },
  no_cookie: {
    title: 'This page needs a cookie',
    advice: 'It ties the secret to this browser. Allow cookies for this address, then open the link from Slack again.',
  },
  not_from_page: {
    title: 'That did not come from our page',
    advice: 'Nothing was shown. Open the link from Slack and press the button there.',
  },
};

export function renderProblem(problem: Problem, command: string): string {
  const { title, advice } = PROBLEMS[problem];
  return renderPage(
    title,
    `<p>${advice.replaceAll('KEYPAIR', `<code>${escapeHtml(command)} keypair delete</code>`)}</p>`,
  );
}

/** For what nobody foresaw. The reference is in the log. */
export function renderFailure(reference: string): string {
  return renderPage(
    'Something went wrong here',
    `<p>Open the link from Slack again in a minute. If it happens again, give the operator the reference
<code>${escapeHtml(reference)}</code>.</p>`,
  );
}
