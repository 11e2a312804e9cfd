/** `/docs/token.js`: asks with the token, which it keeps nowhere, and shows the answer in its own place. */
export const TOKEN_SCRIPT: string = String.raw`
const form = document.getElementById("lock");
const input = document.getElementById("token");
const refusal = document.getElementById("refusal");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  refusal.textContent = "";
  try {
    const headers = { authorization: "Bearer " + input.value, accept: "text/html" };
    const response = await fetch("/docs", { headers, cache: "no-store" });
    if (!response.ok) throw new Error("That is not this factory's token (" + response.status + ").");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body)); // scripts in it, of which there are none, would not run
    document.getElementById("main").scrollIntoView();
  } catch (error) {
    refusal.textContent = error.message;
    input.select();
  }
});
`;
