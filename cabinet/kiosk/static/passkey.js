// Passkeys at the kiosk: made for a person by whoever enrols, and shown instead of badge and PIN.
// Knows nothing of who may: it carries the browser's answers. Browsers offer passkeys to pages of localhost or https alone.
"use strict";

(() => {
  const can = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential && location.hostname === "localhost";
  const show = () => document.querySelectorAll("[data-passkey], [data-make-passkey]").forEach((button) => { button.hidden = !can; });
  if (!can) return;
  show();
  new MutationObserver(show).observe(document.body, { childList: true, subtree: true });

  async function send(path, body) {
    const reply = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.status === 204 ? null : reply.json();
  }

  async function signIn() {
    const { options } = await send("/passkey/options", {});
    const shown = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) });
    await send("/passkey", { answer: JSON.stringify(shown.toJSON()) });
    location.assign("/");
  }

  async function make(person) {
    const { options } = await send(`/staff/${person}/passkeys/options`, {});
    const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)) });
    await send(`/staff/${person}/passkeys`, { answer: JSON.stringify(made.toJSON()) });
    location.reload();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey], [data-make-passkey]");
    if (!button) return;
    const work = "makePasskey" in button.dataset ? make(button.closest("[data-person]").dataset.person) : signIn();
    work.catch(() => { button.textContent = button.dataset.passkey || button.dataset.makePasskey; });
  });
})();
