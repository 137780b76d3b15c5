// What both pages share: what the server gives, the language, and who asks.
const LANGUAGE = 'gongtu.language';
const CHOICE = 'gongtu.viewer';
const TOKEN = 'gongtu.token';

/** The choices beside the demo credentials, whose names are used as they are. */
export const NOBODY = '';
export const OTHER = '*';

/** The endpoint beside this page, so that a path prefix of a proxy does no harm. */
export const endpoint = new URL('graphql', document.baseURI);
endpoint.search = endpoint.hash = '';
export const socketEndpoint = new URL(endpoint);
socketEndpoint.protocol = endpoint.protocol.replace('http', 'ws');

/** The demo credentials, and the examples grouped by kind. */
export async function load() {
  const [config, { kinds, examples }] = await Promise.all(['config', 'examples'].map(fetchJson));
  const groups = kinds
    .map((kind) => ({ ...kind, examples: examples.filter((it) => it.kind === kind.kind) }))
    .filter((group) => group.examples.length > 0);
  return { ...config, groups, examples };
}

async function fetchJson(name) {
  const response = await fetch(new URL(`playground/${name}.json`, document.baseURI));
  if (!response.ok) throw new Error(`${name}.json: HTTP ${response.status}`);
  return response.json();
}

export function storedLanguage() {
  const stored = read(localStorageOrNull(), LANGUAGE) ?? navigator.language;
  return stored.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function storeLanguage(language) {
  write(localStorageOrNull(), LANGUAGE, language);
  showLanguage(language);
}

export function showLanguage(language) {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

/** Who asks: a demo credential, a pasted token, or nobody. Kept for this tab only. */
export function storedViewer(credentials) {
  const known = [...credentials.map((it) => it.name), OTHER, NOBODY];
  const stored = read(sessionStorageOrNull(), CHOICE);
  const usual = credentials.length > 0 ? credentials[0].name : OTHER;
  return {
    choice: known.includes(stored) ? stored : usual,
    token: read(sessionStorageOrNull(), TOKEN) ?? '',
  };
}

export function storeViewer({ choice, token }) {
  write(sessionStorageOrNull(), CHOICE, choice);
  write(sessionStorageOrNull(), TOKEN, token);
}

/** The value of the `authorization` header, or null. */
export function authorization({ choice, token }, credentials) {
  const pasted = choice === OTHER ? token.trim().replace(/^bearer\s+/i, '') : null;
  const bearer = pasted ?? credentials.find((it) => it.name === choice)?.token;
  return bearer ? `Bearer ${bearer}` : null;
}

export function describe({ name, roles, division }) {
  return [name, roles.join(', '), division].filter(Boolean).join(' · ');
}

/** `query`, `mutation` or `subscription`: what a document of one operation does. */
export function operationType(document) {
  let code = document.replace(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, '');
  for (let before = ''; before !== code; ) {
    before = code;
    code = code.replace(/\{[^{}]*\}/g, ';');
  }
  return /(?:^|;)\s*(mutation|subscription)\b/.exec(code)?.[1] ?? 'query';
}

// A browser may forbid storage; the page works without it.
function localStorageOrNull() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function sessionStorageOrNull() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function read(storage, key) {
  return storage?.getItem(key) ?? null;
}

function write(storage, key, value) {
  storage?.setItem(key, value);
}
