/* Shows a message that was pushed, and opens its page. It keeps nothing and answers no request of any page. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let words = {};
  try { words = event.data.json(); } catch { /* a message without words: only that there is something */ }
  event.waitUntil(self.registration.showNotification(words.title || "Terang", {
    body: words.body || "",
    lang: words.lang || "",
    tag: words.tag || "terang",
    data: { url: words.url || "/" },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  let page = new URL("/", self.location.origin);
  try { page = new URL(event.notification.data.url, self.location.origin); } catch { /* the first page */ }
  if (page.origin !== self.location.origin) page = new URL("/", self.location.origin);
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      const there = open.find((client) => client.url === page.href);
      return there ? there.focus() : self.clients.openWindow(page.href);
    }),
  );
});
