// What the tests ask, and how, where no client asks for them.

if (!process.env.CLIENTS_SERVER) {
  throw new Error("run the tests with: npm test");
}
const { url, tokens } = JSON.parse(process.env.CLIENTS_SERVER);

export { url };

/** The headers of somebody's request; without a role those of the public. */
export function headers(role) {
  return role ? { authorization: `Bearer ${tokens[role]}` } : {};
}

/** The role names that there are tokens for. */
export const roles = Object.keys(tokens);

/** The server's answer to an operation: the GraphQL body as it is, whatever its status. */
export async function ask(request, role) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers(role) },
    body: JSON.stringify(request),
  });
  return response.json();
}
