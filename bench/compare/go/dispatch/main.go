// The dispatch in Go: so many goroutines, each of which does one business after the other with net/http; rows go over a
// channel to one goroutine that writes them, hundreds in a transaction. Prints one line of JSON.
package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

const (
	sensors    = 97
	points     = 16
	batchRows  = 500
	batchDelay = 20 * time.Millisecond
	queueRows  = 10_000
)

type rawData struct {
	ID   int64     `json:"id"`
	Data []float64 `json:"data,omitempty"`
}

type computed struct {
	ID     int64   `json:"id"`
	Result float64 `json:"result"`
}

type row struct {
	bid, sensor int64
	val         float64
}

type dispatcher struct {
	client *http.Client
	url    string
	rows   chan row
	next   atomic.Int64
	done   atomic.Int64
	from   time.Time // what ends before it is warming up
	until  time.Time
}

func main() {
	url := flag.String("url", "", "base URL of the services")
	inFlight := flag.Int("in-flight", 200, "businesses at once")
	seconds := flag.Float64("seconds", 5, "how long is measured")
	warm := flag.Float64("warm", 2, "seconds before that")
	flag.Parse()
	folder, err := os.MkdirTemp("", "shopfloor-dispatch-go-")
	check(err)
	defer os.RemoveAll(folder)
	database, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "results.db")+"?_journal=WAL&_sync=NORMAL")
	check(err)
	_, err = database.Exec("CREATE TABLE result (bid INTEGER, sensor INTEGER, val REAL)")
	check(err)
	transport := &http.Transport{MaxIdleConns: *inFlight, MaxIdleConnsPerHost: *inFlight, DisableCompression: true}
	from := time.Now().Add(time.Duration(*warm * float64(time.Second)))
	d := &dispatcher{
		client: &http.Client{Transport: transport},
		url:    *url,
		rows:   make(chan row, queueRows),
		from:   from,
		until:  from.Add(time.Duration(*seconds * float64(time.Second))),
	}
	written := make(chan struct{})
	go func() {
		write(database, d.rows)
		close(written)
	}()
	times := d.run(*inFlight)
	close(d.rows)
	<-written
	report(database, d, times, *inFlight, *seconds)
}

// run does businesses until the time is over, and returns how long those that were measured took, in milliseconds.
func (d *dispatcher) run(inFlight int) []float64 {
	times := make([][]float64, inFlight)
	var all sync.WaitGroup
	for k := range times {
		all.Add(1)
		go func(k int) {
			defer all.Done()
			for begin := time.Now(); begin.Before(d.until); begin = time.Now() {
				d.business()
				if end := time.Now(); end.After(d.from) && end.Before(d.until) {
					times[k] = append(times[k], end.Sub(begin).Seconds()*1_000)
				}
			}
		}(k)
	}
	all.Wait()
	var together []float64
	for _, each := range times {
		together = append(together, each...)
	}
	sort.Float64s(together)
	return together
}

func (d *dispatcher) business() {
	id := d.next.Add(1)
	var raw rawData
	var result computed
	check(d.post("/raw", rawData{ID: id}, &raw))
	check(d.post("/compute", raw, &result))
	d.rows <- row{id, id % sensors, result.Result}
	d.done.Add(1)
}

func (d *dispatcher) post(path string, payload, answer any) error {
	body, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	response, err := d.client.Post(d.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	return json.Unmarshal(text, answer)
}

// write takes what there is, waits a little for more, and writes it in one transaction.
func write(database *sql.DB, rows <-chan row) {
	for first := range rows {
		batch := append(make([]row, 0, batchRows), first)
		time.Sleep(batchDelay)
		for more := true; more && len(batch) < batchRows; {
			select {
			case next, open := <-rows:
				if more = open; open {
					batch = append(batch, next)
				}
			default:
				more = false
			}
		}
		transaction, err := database.Begin()
		check(err)
		insert, err := transaction.Prepare("INSERT INTO result VALUES (?, ?, ?)")
		check(err)
		for _, each := range batch {
			_, err = insert.Exec(each.bid, each.sensor, each.val)
			check(err)
		}
		check(insert.Close())
		check(transaction.Commit())
	}
}

func report(database *sql.DB, d *dispatcher, times []float64, inFlight int, seconds float64) {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	cpu := float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
	problems := []string{}
	rows, wrong := 0, 0
	found, err := database.Query("SELECT bid, sensor, val FROM result")
	check(err)
	seen := map[int64]bool{}
	for found.Next() {
		var each row
		check(found.Scan(&each.bid, &each.sensor, &each.val))
		rows++
		if seen[each.bid] || each.sensor != each.bid%sensors || math.Abs(each.val-meanOf(each.bid)) > 1e-9 {
			wrong++
		}
		seen[each.bid] = true
	}
	if int64(rows) != d.done.Load() {
		problems = append(problems, fmt.Sprintf("%d businesses, %d rows", d.done.Load(), rows))
	}
	if wrong > 0 {
		problems = append(problems, fmt.Sprintf("%d rows that are wrong or there twice", wrong))
	}
	quantile := func(share float64) float64 { return times[int(float64(len(times))*share)] }
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"scenario":            "dispatch",
		"mode":                "go",
		"inFlight":            inFlight,
		"businessesPerSecond": math.Round(float64(len(times)) / seconds),
		"p50Ms":               math.Round(quantile(0.5)*10) / 10,
		"p99Ms":               math.Round(quantile(0.99)*10) / 10,
		"rows":                rows,
		"microsPerBusiness":   math.Round(cpu / float64(rows) * 1e6),
		"ok":                  len(problems) == 0,
		"problems":            problems,
	}))
}

func meanOf(id int64) float64 {
	sum := 0.0
	for at := int64(0); at < points; at++ {
		sum += float64((id*31+at*7)%97) / 10
	}
	return sum / points
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
