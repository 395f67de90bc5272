vcl 4.1;

# Varnish 7 in front of StarPunk: readers are served from here, and StarPunk tells what changed (CACHE_PURGE_URLS).
# TLS ends before it, in Caddy, nginx or hitch. See scaling.md; the tests start Varnish with this very file.

import std;

backend default {
    .host = "127.0.0.1";
    .port = "3000";
    .connect_timeout = 2s;
    .first_byte_timeout = 300s;
    .between_bytes_timeout = 60s;
    .probe = {
        .url = "/health";
        .interval = 2s;
        .timeout = 2s;
        .window = 4;
        .threshold = 2;
        .initial = 2;
    }
}

# Who may purge: the machines that StarPunk runs on.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # Varnish adds its client to X-Forwarded-For: more than one address came in by a proxy, so from anywhere.
        if (client.ip !~ purgers || req.http.X-Forwarded-For ~ ",") {
            return (synth(405, "Not allowed"));
        }
        # Keys are made of letters, digits and : - _ %, so they may stand in a regular expression as they are.
        if (req.http.Cache-Tag !~ "^[\w:%,-]+$") {
            return (synth(400, "No keys"));
        }
        ban("obj.http.Cache-Tag ~ (^|,)(" + regsuball(req.http.Cache-Tag, ",", "|") + ")(,|$)");
        return (synth(200, "Purged"));
    }

    if (req.restarts == 0) {
        unset req.http.X-Edge-Try;
    }

    # Whoever is logged in sees the site itself, and so do apps. Uploads and long forms go through as they come.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Cookie ~ "starpunk_session=" || req.http.Authorization
        || req.url ~ "^/(admin|login|logout|setup|micropub|health|metrics)([/?]|$)") {
        return (pass);
    }

    # Nothing else depends on a cookie, nor on a parameter that StarPunk does not know.
    unset req.http.Cookie;
    if (req.url ~ "\?" && req.url !~ "^/search" && req.url !~ "[?&](before|after)=") {
        set req.url = regsub(req.url, "\?.*$", "");
    }

    # An old page only for the moment that it takes to ask for the new one, unless StarPunk does not answer: then any.
    if (!req.http.X-Edge-Try && std.healthy(req.backend_hint)) {
        set req.grace = 5s;
    }
    return (hash);
}

# One site: whatever host a client asks for, the page is the same.
sub vcl_hash {
    hash_data(req.url);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.status >= 500) {
        # An old page is better than this one: vcl_synth looks for it.
        if (bereq.is_bgfetch || (!bereq.uncacheable && bereq.http.X-Edge-Try != "last")) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    # How long an old page may be served while StarPunk is down: what it says itself.
    if (beresp.http.Cache-Control ~ "stale-if-error=\d+") {
        set beresp.grace = std.duration(regsub(beresp.http.Cache-Control, "^.*stale-if-error=(\d+).*$", "\1s"), 0s);
    }
    # Long feeds and files are passed on as they arrive; what may be kept, and for how long, is built in.
    set beresp.do_stream = true;
}

sub vcl_backend_error {
    if (bereq.is_bgfetch || (!bereq.uncacheable && bereq.http.X-Edge-Try != "last")) {
        return (abandon);
    }
}

sub vcl_synth {
    # StarPunk failed: once more, and this time a page of any age will do.
    if (resp.status == 503 && req.restarts == 0 && (req.method == "GET" || req.method == "HEAD")) {
        set req.http.X-Edge-Try = "last";
        return (restart);
    }
}

sub vcl_deliver {
    unset resp.http.Surrogate-Key;
    unset resp.http.Cache-Tag;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    # Browsers ask again each time; what the header says besides was for us.
    if (resp.http.Cache-Control ~ "max-age=0, s-maxage") {
        set resp.http.Cache-Control = "no-cache";
        unset resp.http.Age;
    }
}
