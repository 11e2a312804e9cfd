// The fleet job the way Go goes fast: no goroutine for a device but a map of states in each partition, and slices
// of 256 readings on the channels, which come back to be filled again.
//
// Prints one JSON line: products per second that reached the collector, after warming up.
package main

import (
	"flag"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

type reading struct {
	device, kind string
	at           int64
	value        float64
}

type product struct {
	device, kind string
	at, count    int64
	mean         float64
}

type state struct {
	count   int64
	mean    float64
	renewed int64
}

const (
	batchSize     = 256
	lineDepth     = 16
	conveyorDepth = 64
	auditEvery    = 250 * time.Millisecond
)

var (
	delivered   atomic.Int64
	rawBatches  = sync.Pool{New: func() any { b := make([]reading, 0, batchSize); return &b }}
	madeBatches = sync.Pool{New: func() any { b := make([]product, 0, batchSize); return &b }}
)

func emptyRaw() *[]reading {
	batch := rawBatches.Get().(*[]reading)
	*batch = (*batch)[:0]
	return batch
}

// source draws readings for ever: Marsaglia's xorshift64 picks the device and the value.
func source(devices int, lines []chan *[]reading) {
	names := make([]string, devices)
	for i := range names {
		names[i] = "device-" + strconv.Itoa(i)
	}
	kinds := make([]string, 10)
	for i := range kinds {
		kinds[i] = "type-" + strconv.Itoa(i)
	}
	open := make([]*[]reading, len(lines))
	for i := range open {
		open[i] = emptyRaw()
	}
	random := uint64(0x148e0a1f3)
	at := time.Now().UnixMilli()
	for sent := 1; ; sent++ {
		random ^= random << 13
		random ^= random >> 7
		random ^= random << 17
		if sent%1024 == 0 {
			at = time.Now().UnixMilli()
		}
		device := random % uint64(devices)
		name := names[device]
		to := hash(name) % uint32(len(lines))
		batch := open[to]
		*batch = append(*batch, reading{name, kinds[device%10], at, float64(random>>11) / (1 << 53)})
		if len(*batch) == batchSize {
			lines[to] <- batch
			open[to] = emptyRaw()
		}
	}
}

// hash is FNV-1a.
func hash(key string) uint32 {
	sum := uint32(2166136261)
	for i := 0; i < len(key); i++ {
		sum = (sum ^ uint32(key[i])) * 16777619
	}
	return sum
}

// partition counts its devices' readings and keeps their running means.
func partition(line <-chan *[]reading, conveyor chan<- *[]product, idle time.Duration) {
	states := map[string]*state{}
	audit := time.NewTicker(auditEvery)
	now := time.Now().UnixNano()
	for {
		select {
		case batch := <-line:
			made := madeBatches.Get().(*[]product)
			*made = (*made)[:0]
			for i := range *batch {
				item := &(*batch)[i]
				s, known := states[item.device]
				if !known {
					s = &state{}
					states[item.device] = s
				}
				s.renewed = now
				s.count++
				s.mean += (item.value - s.mean) / float64(s.count)
				*made = append(*made, product{item.device, item.kind, item.at, s.count, s.mean})
			}
			rawBatches.Put(batch)
			conveyor <- made
		case tick := <-audit.C:
			now = tick.UnixNano()
			for device, s := range states {
				if now-s.renewed > int64(idle) {
					delete(states, device)
				}
			}
		}
	}
}

// collect groups products by type and drops them every so often.
func collect(conveyor <-chan *[]product, every time.Duration) {
	warehouse := map[string]*[]product{}
	leave := time.NewTicker(every)
	for {
		select {
		case batch := <-conveyor:
			for i := range *batch {
				made := &(*batch)[i]
				shelf, known := warehouse[made.kind]
				if !known {
					shelf = &[]product{}
					warehouse[made.kind] = shelf
				}
				*shelf = append(*shelf, *made)
			}
			delivered.Add(int64(len(*batch)))
			madeBatches.Put(batch)
		case <-leave.C:
			for _, shelf := range warehouse {
				*shelf = (*shelf)[:0]
			}
		}
	}
}

func main() {
	devices := flag.Int("keys", 5000, "devices")
	partitions := flag.Int("partitions", 4, "partitions")
	warm := flag.Float64("warm", 2, "seconds before measuring")
	seconds := flag.Float64("seconds", 5, "seconds measured")
	idle := flag.Duration("idle", 5*time.Second, "idle contract")
	flag.Parse()

	conveyor := make(chan *[]product, conveyorDepth)
	lines := make([]chan *[]reading, *partitions)
	for i := range lines {
		lines[i] = make(chan *[]reading, lineDepth)
		go partition(lines[i], conveyor, *idle)
	}
	go collect(conveyor, time.Second)
	go source(*devices, lines)

	time.Sleep(time.Duration(*warm * float64(time.Second)))
	began, before := time.Now(), delivered.Load()
	time.Sleep(time.Duration(*seconds * float64(time.Second)))
	rate := float64(delivered.Load()-before) / time.Since(began).Seconds()
	fmt.Printf(`{"scenario":"go_batched","runtime":"%s","keys":%d,"itemsPerSecond":%.0f,"goroutines":%d,"seconds":%g,"ok":%t}`+"\n",
		runtime.Version(), *devices, rate, runtime.NumGoroutine(), *seconds, rate > 0)
}
