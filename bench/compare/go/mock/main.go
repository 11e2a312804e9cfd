// The services of the dispatch: POST /raw answers a device's data, POST /compute its mean, each after the latency.
// POST /latency with {"ms": …} changes that. Prints its port when it listens.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const points = 16

type rawData struct {
	ID   int64     `json:"id"`
	Data []float64 `json:"data"`
}

type computed struct {
	ID     int64   `json:"id"`
	Result float64 `json:"result"`
}

var latency atomic.Int64 // nanoseconds

func main() {
	port := flag.Int("port", 0, "port of the loopback; 0 for any")
	ms := flag.Float64("latency", 5, "how long an answer takes, in milliseconds")
	flag.Parse()
	setLatency(*ms)
	http.HandleFunc("/raw", raw)
	http.HandleFunc("/compute", compute)
	http.HandleFunc("/latency", change)
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, nil))
}

func raw(response http.ResponseWriter, request *http.Request) {
	var asked struct{ ID *int64 }
	if json.NewDecoder(request.Body).Decode(&asked) != nil || asked.ID == nil {
		http.Error(response, `{"message":"expected an id"}`, http.StatusBadRequest)
		return
	}
	data := make([]float64, points)
	for at := range data {
		data[at] = float64((*asked.ID*31+int64(at)*7)%97) / 10
	}
	answer(response, rawData{*asked.ID, data})
}

func compute(response http.ResponseWriter, request *http.Request) {
	var asked rawData
	if json.NewDecoder(request.Body).Decode(&asked) != nil || len(asked.Data) == 0 {
		http.Error(response, `{"message":"expected data"}`, http.StatusBadRequest)
		return
	}
	sum := 0.0
	for _, value := range asked.Data {
		sum += value
	}
	answer(response, computed{asked.ID, sum / float64(len(asked.Data))})
}

func change(response http.ResponseWriter, request *http.Request) {
	var asked struct{ Ms float64 }
	if json.NewDecoder(request.Body).Decode(&asked) != nil || asked.Ms < 0 {
		http.Error(response, `{"message":"expected ms"}`, http.StatusBadRequest)
		return
	}
	setLatency(asked.Ms)
}

func setLatency(ms float64) {
	latency.Store(int64(ms * float64(time.Millisecond)))
}

func answer(response http.ResponseWriter, value any) {
	time.Sleep(time.Duration(latency.Load()))
	response.Header().Set("Content-Type", "application/json")
	json.NewEncoder(response).Encode(value)
}
