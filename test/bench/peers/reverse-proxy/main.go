// The peer that stands for 1: Go's httputil.ReverseProxy with a tuned transport, doing the gateway's work on a request.
//
//	reverse-proxy -listen 127.0.0.1:8080 -route /demo/orders=http://127.0.0.1:9000 -authorization "Basic …"
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

const bufferSize = 32 << 10

// buffers lends copy buffers, so that a request allocates none.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte  { return *b.pool.Get().(*[]byte) }
func (b *buffers) Put(p []byte) { b.pool.Put(&p) }

func newBuffers() *buffers {
	return &buffers{sync.Pool{New: func() any { p := make([]byte, bufferSize); return &p }}}
}

// route is what the gateway compiles from one API entry.
type route struct{ target *url.URL }

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	authorization := flag.String("authorization", "", "value of the Authorization header to add")
	routes := map[string]route{}
	flag.Func("route", "/application/service=origin to forward to, any number of times", func(text string) error {
		prefix, target, _ := strings.Cut(text, "=")
		origin, err := url.Parse(target)
		routes[strings.Trim(prefix, "/")] = route{target: origin}
		return err
	})
	flag.Parse()

	// The default transport, with what a busy proxy changes of it, and with the gateway's limit on a silent target.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns = 0
	transport.MaxIdleConnsPerHost = 1000
	transport.DisableCompression = true
	transport.ForceAttemptHTTP2 = false
	transport.ResponseHeaderTimeout = 10 * time.Second
	proxy := &httputil.ReverseProxy{
		Transport:  transport,
		BufferPool: newBuffers(),
		Rewrite: func(r *httputil.ProxyRequest) {
			found := r.In.Context().Value(routeKey{}).(match)
			r.Out.URL.Scheme, r.Out.URL.Host = found.target.Scheme, found.target.Host
			r.Out.URL.Path, r.Out.URL.RawPath = "/"+found.rest, ""
			r.Out.Host = found.target.Host
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			r.SetXForwarded()
			r.Out.Header.Set("Authorization", *authorization)
		},
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
		if len(parts) < 2 {
			http.Error(w, "no such API", http.StatusNotFound)
			return
		}
		found, ok := routes[parts[0]+"/"+parts[1]]
		if !ok {
			http.Error(w, "no such API", http.StatusNotFound)
			return
		}
		rest := ""
		if len(parts) == 3 {
			rest = parts[2]
		}
		proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), routeKey{}, match{found, rest})))
	})
	log.Fatal((&http.Server{Addr: *listen, Handler: handler}).ListenAndServe())
}

type routeKey struct{}

type match struct {
	route
	rest string
}
