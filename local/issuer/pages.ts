import { escapeMarkup } from "../../shared/escape-markup";
import { USERS } from "./users";

/** Path of the style sheet of all pages. */
const STYLE_PATH = "/issuer.css";

/** Path of the script that submits the form of the sign-out page. Without scripts, the user presses its button. */
const SIGN_OUT_SCRIPT_PATH = "/sign-out.js";

/** Files of the pages: no page has inline styles or scripts of its own, or uses another server. */
export const FILES: Readonly<Record<string, { readonly contentType: string; readonly content: string }>> = {
  [STYLE_PATH]: {
    contentType: "text/css; charset=utf-8",
    content: `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { box-sizing: border-box; max-width: 32rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
button { display: block; box-sizing: border-box; width: 100%; margin: 0 0 0.75rem; padding: 0.75rem 1rem;
  border: 1px solid; border-radius: 0.375rem; background: Canvas; color: CanvasText; font: inherit; text-align: start; cursor: pointer; }
button:hover { background: Highlight; color: HighlightText; }
button:focus-visible { outline: 3px solid; outline-offset: 2px; }
`,
  },
  [SIGN_OUT_SCRIPT_PATH]: {
    contentType: "text/javascript; charset=utf-8",
    content: "document.forms[0].submit();\n",
  },
};

/** Returns the page with a button for each user. @param action path that receives the form. */
export function signInPage(action: string): string {
  const buttons = USERS.map(
    ({ key, name, rights }) =>
      `<button name="user" value="${escapeMarkup(key)}"><strong>${escapeMarkup(name)}</strong><br>may ${sentence(rights)} tickets</button>`,
  );
  return page(
    "Sign in",
    `<p>This is the issuer of the local cloud. Its users have no passwords, and its tokens are valid on this machine only.</p>
<form method="post" action="${escapeMarkup(action)}">
${buttons.join("\n")}
</form>`,
  );
}

/**
 * Returns the page that signs a user out.
 * @param form of `oidc-provider`, without a button.
 * @param submits whether a script submits the form.
 */
export function signOutPage(form: string, submits: boolean): string {
  // The script presses no button, so a field carries its value.
  return page(
    "Sign out",
    `${form}
<input type="hidden" form="op.logoutForm" name="logout" value="yes">
<p>You are about to sign out of the local cloud.</p>
<button form="op.logoutForm">Sign out</button>`,
    submits ? `<script src="${SIGN_OUT_SCRIPT_PATH}" defer></script>` : "",
  );
}

/** Returns a page with a heading and a text. */
export function messagePage(heading: string, text: string): string {
  return page(heading, `<p>${escapeMarkup(text)}</p>`);
}

function page(heading: string, content: string, head = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(heading)} – local issuer</title>
<link rel="stylesheet" href="${STYLE_PATH}">
${head}
</head>
<body>
<main>
<h1>${escapeMarkup(heading)}</h1>
${content}
</main>
</body>
</html>
`;
}

/** Returns words as a list in a sentence: `read, write and delete`. */
function sentence(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), words[words.length - 1]].filter(Boolean).join(" and ");
}
