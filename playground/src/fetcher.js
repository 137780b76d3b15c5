import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { endpoint, socketEndpoint } from '../small/session.js';

/** GraphiQL's way to the service, for one credential. */
export function fetcherFor(bearer) {
  return (request, { headers } = {}) => {
    const all = { ...(bearer && { authorization: bearer }), ...lowerCased(headers) };
    return isSubscription(request) ? subscribe(request, all) : post(request, all);
  };
}

/** GraphiQL's own parse of the document lags behind the editor by a tenth of a second. */
function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    return false;
  }
}

async function post(request, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`HTTP ${response.status}: ${body.slice(0, 500)}`);
  }
}

/** A socket for each subscription, so that each carries the headers it was started with. */
function subscribe(request, connectionParams) {
  return createClient({ url: socketEndpoint.href, connectionParams, retryAttempts: 2 }).iterate(request);
}

function lowerCased(headers = {}) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
