package relational

import (
	"fmt"
	"strings"
)

// Dialect has the statements in which databases differ. It is made once, because a
// database knows its prepared statements by where their texts lie.
type Dialect struct {
	conversation struct {
		columns, get, open, add string
		save                    [2]string // the short way and the long
		saveOnce                string    // that says itself what is wrong; "" for the two ways
	}
	addConsumer, saveConsumer, eraseConsumer string
}

// NewDialect makes the statements of a database. nextChange is SQL for a number that
// grows with each change of a consumer: the search index follows it. own are columns
// that it keeps with conversations, each followed by its value in a new row.
func NewDialect(nextChange string, own ...string) *Dialect {
	d := &Dialect{
		addConsumer:   Insertion("consumers", ConsumerColumns, "changed", nextChange),
		saveConsumer:  `update consumers set name = $3, language = $4, attributes = $5, changed = ` + nextChange + ` where id = $1 and brand = $2`,
		eraseConsumer: `update consumers set name = '', language = '', attributes = '', outreach = '', changed = ` + nextChange + ` where id = $1 and brand = $2`,
	}
	columns, sets := ConversationColumns, ""
	for i := 0; i < len(own); i += 2 {
		columns += ", " + own[i]
		sets += fmt.Sprintf(", %s = $%d", own[i], 22+i/2)
	}
	const (
		set   = `rev = rev + 1, skill = $1, priority = $2, language = $3, ready = $4, last_inbox = $5, last_seq = $6, preview = $7, preview_author = $8, waiting_since = $9, last_at = $10, extra = $11, pulse = $12, ready_at = $13`
		where = ` where id = $14 and brand = $15 and rev = $16`
		owned = `, consumer = $17, state = $18, closed_at = $21, owner = $19, agent = $20, had_agent = case when $19 = 'agent' then 1 else had_agent end`
	)
	c := &d.conversation
	c.columns = columns
	c.get = `select ` + columns + ` from conversations where id = $1 and brand = $2` + Keep
	c.open = `select ` + columns + ` from conversations where channel = $1 and address = $2 and state = 'open'` + Keep
	c.add = Insertion("conversations", ConversationColumns, append(own, "had_agent", "case when $8 = 'agent' then 1 else 0 end")...)
	c.save = [2]string{
		`update conversations set ` + set + sets + where + ` and consumer = $17 and state = $18 and owner = $19 and agent = $20 and closed_at = $21`,
		`update conversations set ` + set + sets + owned + where,
	}
	return d
}

// SaveOnce has conversations and sessions saved with one statement, which is made from
// the long way and fails by itself: a database need not wait for its answer. id and brand
// are its placeholders.
func (d *Dialect) SaveOnce(make func(save, id, brand string) string) *Dialect {
	d.conversation.saveOnce = make(d.conversation.save[1], `$14`, `$15`)
	return d
}

// numbered are n placeholders from $1 on.
func numbered(n int) []string {
	places := make([]string, n)
	for i := range places {
		places[i] = fmt.Sprint("$", i+1)
	}
	return places
}

// Insertion is the insert of a row that may be there already. What follows the
// columns are more of them, each with its value in SQL.
func Insertion(table, columns string, more ...string) string {
	places := numbered(strings.Count(columns, ",") + 1)
	for i := 0; i < len(more); i += 2 {
		columns, places = columns+", "+more[i], append(places, more[i+1])
	}
	return "insert into " + table + " (" + columns + ") values (" + strings.Join(places, ", ") + ") on conflict do nothing"
}

// Replacement is the insert of a row that takes the place of one with the same key.
func Replacement(table, key, columns string, more ...string) string {
	var sets []string
	for name := range strings.SplitSeq(columns, ", ") {
		if !strings.Contains(", "+key+",", ", "+name+",") {
			sets = append(sets, name+" = excluded."+name)
		}
	}
	insert := strings.TrimSuffix(Insertion(table, columns, more...), "do nothing")
	return insert + "(" + key + ") do update set " + strings.Join(sets, ", ")
}
