// The simulated provider's pages: a list of people to sign in as, working without script.
import type { IdentityUser } from './types.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (found) => ESCAPES[found] ?? found);
}

export function renderPeople(users: readonly IdentityUser[]): string {
  const buttons = users.map(
    ({ login, name }) =>
      `<button name="account" value="${escape(login)}"><b>${escape(name)}</b><span>${escape(login)}</span></button>`,
  );
  return renderPage(
    'Sign in',
    `<p>A simulated identity provider. Who are you?</p>
<form method="post">${buttons.join('\n')}
<button name="cancel" value="1" class="quiet">Cancel</button></form>`,
  );
}

export function renderProblem(text: string): string {
  return renderPage('This did not work', `<p>${escape(text)}</p>`);
}

function renderPage(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem;color:#1d1c1d;background:#f4f5f7}
h1{font-size:1.4rem}form{display:grid;gap:.6rem}
button{font:inherit;display:flex;justify-content:space-between;padding:.8rem 1rem;border:1px solid #b7bcc5;border-radius:8px;background:#fff;cursor:pointer}
button:hover,button:focus{border-color:#1264a3;outline:2px solid #1264a3}span{color:#5b6270}.quiet{justify-content:center;background:none}
</style></head><body><h1>${title}</h1>${body}</body></html>`;
}
