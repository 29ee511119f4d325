package sandbox

import (
	"context"
	"fmt"
	"runtime/metrics"
	"time"
)

// How often the meter looks at the clock and at the heap, in instructions. After a slow stretch it looks at every
// instruction, since a single one may then be allocating megabytes.
const (
	clockEvery = 32
	heapEvery  = 4096
	slowStep   = 200 * time.Microsecond
	// standstill is longer than the work between two looks takes, all of which is counted. What is beyond it the script did
	// not use: the process was stopped, or had no processor.
	standstill = 20 * time.Millisecond
)

// meter counts what a state uses and stops it. It is the context.Context of every thread of the state: in context mode the VM
// calls Done exactly once before each instruction, and once Done returns a closed channel every further instruction raises,
// so a stop survives any pcall. Like the state, it belongs to one goroutine.
type meter struct {
	state  *State
	thread *vmThread // that runs; nil outside
	limits Limits
	halted chan struct{} // always closed

	count int64 // instructions so far, never reset
	limit int64 // count at which the instruction budget ends
	next  int64 // count at which Done must look closer; 0 while tracing
	due   int64 // count of the next look at the clock
	trace *tracer
	bytes int64 // charged since the last reset
	made  int64 // bytes of tables and functions, likewise
	stop  error // why every instruction raises; nil while running

	used     time.Duration // of the wall budget
	seen     time.Time     // last look at the clock
	heapNext int64         // count of the next routine look at the heap
	heapFrom int64         // heap at the start of the budget, and what others have added in standstills
	heapSeen int64         // heap at the last look at it
	sample   []metrics.Sample
}

var _ context.Context = (*meter)(nil)

func newMeter(s *State, limits Limits) *meter {
	m := &meter{
		state:  s,
		limits: limits,
		halted: make(chan struct{}),
		sample: []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}},
	}
	close(m.halted)
	m.reset()
	return m
}

// reset starts every budget anew. It does not lift a stop.
func (m *meter) reset() {
	m.limit = m.count + m.limits.Instructions
	m.bytes, m.made = 0, 0
	m.used, m.seen = 0, time.Now()
	m.heapFrom = m.heap()
	m.heapSeen = m.heapFrom
	m.heapNext = m.count + heapEvery
	m.next, m.due = m.count, m.count
}

// Done is the VM's instruction hook: nil lets the instruction run, the closed channel makes it raise.
func (m *meter) Done() <-chan struct{} {
	m.count++
	if th := m.thread; th != nil {
		f := th.currentFrame
		if inst := f.Fn.Proto.Code[f.Pc-1]; pricedOps[inst>>26] {
			m.price(th, f, inst)
		}
	}
	if m.count < m.next {
		return nil
	}
	if m.inspect(); m.stop != nil {
		return m.halted
	}
	if m.trace != nil {
		m.trace.look(m.state.running)
	}
	return nil
}

// Err is what the VM raises after Done returned the closed channel.
func (m *meter) Err() error { return m.stop }

func (m *meter) Deadline() (time.Time, bool) { return time.Time{}, false }

func (m *meter) Value(any) any { return nil }

func (m *meter) inspect() {
	if m.stop != nil || m.count < m.due {
		return
	}
	if m.count > m.limit {
		m.exceed(BudgetInstructions, m.limits.Instructions)
		return
	}
	now := time.Now()
	step := now.Sub(m.seen)
	m.seen = now
	if m.used += min(step, standstill); m.used > m.limits.Wall {
		m.exceed(BudgetWall, m.limits.Wall.Milliseconds())
		return
	}
	interval := int64(clockEvery)
	if slow := step > slowStep; slow || m.count >= m.heapNext {
		if slow {
			interval = 1
		}
		m.heapNext = m.count + heapEvery
		heap := m.heap()
		if step > standstill {
			m.heapFrom += max(0, heap-m.heapSeen)
		}
		m.heapSeen = heap
		if heap-m.heapFrom > m.limits.HeapBytes {
			m.exceed(BudgetHeap, m.limits.HeapBytes)
			return
		}
	}
	m.due = min(m.count+interval, m.limit+1)
	if m.trace == nil {
		m.next = m.due
	}
}

func (m *meter) heap() int64 {
	metrics.Read(m.sample)
	return int64(min(m.sample[0].Value.Uint64(), 1<<62)) //nolint:gosec // clamped
}

// halt makes every further instruction raise. The first reason stays.
func (m *meter) halt(reason error) {
	if m.stop == nil {
		m.stop = reason
		m.next, m.due = 0, 0
	}
}

// resume lifts a stop; budgets that are used up stop the script again.
func (m *meter) resume() {
	m.stop = nil
	m.next, m.due = 0, 0
}

func (m *meter) exceed(budget string, limit int64) {
	unit := map[string]string{BudgetMemory: " bytes", BudgetObjects: " bytes", BudgetString: " bytes", BudgetHeap: " bytes", BudgetWall: " ms"}[budget]
	m.halt(&Fault{Kind: FaultBudget, Budget: budget, Message: fmt.Sprintf("%s budget of %d%s used up", budget, limit, unit)})
}

// charge books bytes that are about to be allocated and reports whether the memory budget allows them.
func (m *meter) charge(bytes int64) bool {
	m.bytes += bytes
	if bytes < 0 || m.bytes > m.limits.MemoryBytes {
		m.exceed(BudgetMemory, m.limits.MemoryBytes)
	}
	return m.stop == nil
}

// make books what tables and functions are about to take.
func (m *meter) make(bytes int64) {
	if m.made += bytes; m.made > m.limits.ObjectBytes {
		m.exceed(BudgetObjects, m.limits.ObjectBytes)
	}
}

// work books n instructions' worth of work done in Go and reports whether the script may go on.
func (m *meter) work(n int64) bool {
	m.count += max(0, n)
	if m.count >= m.next {
		m.inspect()
	}
	return m.stop == nil
}
