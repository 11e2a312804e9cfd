// The fleet job the way most Go programs would be written: for each device a goroutine of its own with a channel,
// hired by the partition that its key hashes to and let go when nothing has come for a while. Everything that is
// made goes down one channel to a collector, which groups it by type and empties its groups every second.
//
// Prints one JSON line: products per second that reached the collector, after warming up.
package main

import (
	"flag"
	"fmt"
	"runtime"
	"strconv"
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

// A contract is what a partition knows of a device's goroutine.
type contract struct {
	belt    chan reading
	renewed time.Time
}

const (
	lineDepth     = 1024
	beltDepth     = 16
	conveyorDepth = 4096
	auditEvery    = 250 * time.Millisecond
)

var delivered atomic.Int64

// source draws readings for ever: Marsaglia's xorshift64 picks the device and the value.
func source(devices int, lines []chan reading) {
	names := make([]string, devices)
	for i := range names {
		names[i] = "device-" + strconv.Itoa(i)
	}
	kinds := make([]string, 10)
	for i := range kinds {
		kinds[i] = "type-" + strconv.Itoa(i)
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
		line := lines[hash(name)%uint32(len(lines))]
		line <- reading{name, kinds[device%10], at, float64(random>>11) / (1 << 53)}
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

// partition hands each reading to its device's goroutine.
func partition(line <-chan reading, conveyor chan<- product, idle time.Duration) {
	hired := map[string]*contract{}
	audit := time.NewTicker(auditEvery)
	now := time.Now()
	for {
		select {
		case item := <-line:
			c, known := hired[item.device]
			if !known {
				c = &contract{belt: make(chan reading, beltDepth)}
				hired[item.device] = c
				go serve(c.belt, conveyor)
			}
			c.renewed = now
			c.belt <- item
		case now = <-audit.C:
			for device, c := range hired {
				if now.Sub(c.renewed) > idle {
					close(c.belt)
					delete(hired, device)
				}
			}
		}
	}
}

// serve counts one device's readings and keeps their running mean.
func serve(belt <-chan reading, conveyor chan<- product) {
	var count int64
	var mean float64
	for item := range belt {
		count++
		mean += (item.value - mean) / float64(count)
		conveyor <- product{item.device, item.kind, item.at, count, mean}
	}
}

// collect groups products by type and drops them every so often.
func collect(conveyor <-chan product, every time.Duration) {
	warehouse := map[string][]product{}
	leave := time.NewTicker(every)
	for {
		select {
		case made := <-conveyor:
			warehouse[made.kind] = append(warehouse[made.kind], made)
			delivered.Add(1)
		case <-leave.C:
			for kind := range warehouse {
				warehouse[kind] = warehouse[kind][:0]
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

	conveyor := make(chan product, conveyorDepth)
	lines := make([]chan reading, *partitions)
	for i := range lines {
		lines[i] = make(chan reading, lineDepth)
		go partition(lines[i], conveyor, *idle)
	}
	go collect(conveyor, time.Second)
	go source(*devices, lines)

	time.Sleep(time.Duration(*warm * float64(time.Second)))
	began, before := time.Now(), delivered.Load()
	time.Sleep(time.Duration(*seconds * float64(time.Second)))
	rate := float64(delivered.Load()-before) / time.Since(began).Seconds()
	fmt.Printf(`{"scenario":"go_idiomatic","runtime":"%s","keys":%d,"itemsPerSecond":%.0f,"goroutines":%d,"seconds":%g,"ok":%t}`+"\n",
		runtime.Version(), *devices, rate, runtime.NumGoroutine(), *seconds, rate > 0)
}
