/** Commands of the guides that the tests do not type, and why; each stands here as in its guide. */
export const NOT_TRIED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "README.md": {
    "git clone REPOSITORY starpunk": "needs the network; .ci/run begins in such a clone",
    "cd starpunk": "the test is in it already",
    "npm ci": "would take the libraries away from the other tests; .ci/run does it before them",
    "docker build -t starpunk .": "no Docker here; install.test.ts runs what the Dockerfile installs",
    "docker run -d --name starpunk -p 127.0.0.1:3000:3000 -v starpunk:/data -e SITE_URL=https://notes.example.com starpunk":
      "no Docker here",
    "docker logs starpunk": "no Docker here",
    "npm run dev": "never ends; it is tsx around the same program",
    "npm test": "is what runs this",
    "npm run faults": "takes minutes; run by hand before a release",
    "npm run check": "runs this again; .ci/run runs each of its parts",
  },
  "docs/operations/install.md": {
    "apt-get install git build-essential python3": "changes the machine; .ci/run installs the same",
    "useradd --system --home-dir /var/lib/starpunk --shell /usr/sbin/nologin starpunk": "changes the machine",
    "git clone REPOSITORY /usr/local/src/starpunk": "needs the network",
    "cd /usr/local/src/starpunk": "the test is in a clone already",
    "cd /usr/local/src/starpunk && git pull": "needs the network",
    "systemctl daemon-reload": "no systemd here",
    "systemctl enable --now starpunk": "no systemd here",
    "journalctl -u starpunk": "no systemd here",
    "systemctl stop starpunk": "no systemd here",
    "systemctl start starpunk": "no systemd here",
    "$EDITOR compose.yaml Caddyfile": "asks a person",
    "docker compose up -d": "no Docker here",
    "docker compose logs starpunk": "no Docker here",
    "docker compose exec starpunk node dist/main.js token list": "no Docker here; without Docker it is tried above",
  },
  "docs/operations/backup.md": {
    "rsync --archive --ignore-existing server:/var/lib/starpunk/backups/ /home/ada/starpunk-backups/":
      "needs another machine; what it copies is a plain file",
  },
  "docs/operations/scaling.md": {
    "apt-get install varnish": "changes the machine; .ci/run installs the same",
    "cp varnish.vcl /etc/varnish/default.vcl": "varnish.test.ts starts Varnish with this file",
    "systemctl restart varnish": "no systemd here; varnish.test.ts starts Varnish itself",
  },
};
