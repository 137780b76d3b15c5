"""Tables of ratios to the limit of the same round."""
import statistics

OURS = "gongtu"


def is_limit(name):
    return name.startswith("L-")


class Report:
    def __init__(self, runs, idle, operations, left_out):
        self.runs, self.idle, self.left_out = runs, idle, left_out
        self.operations = [op for op in operations if any(it.op == op for it in runs)]
        self.names = list(dict.fromkeys(it.contender for it in runs))
        # The limit of a round is the better of its two forms.
        self.limit = {}
        for it in runs:
            at = (it.round, it.op)
            if is_limit(it.contender) and (at not in self.limit or it.rate > self.limit[at].rate):
                self.limit[at] = it

    def values(self, name, op, value):
        """Of the rounds in which both this contender and the limit have a figure."""
        return [value(it, self.limit[it.round, op]) for it in self.runs
                if it.contender == name and it.op == op and (it.round, op) in self.limit]

    def median(self, name, op, value):
        values = self.values(name, op, value)
        return statistics.median(values) if values else None

    def ratio(self, name, op):
        return self.median(name, op, lambda it, limit: it.rate / limit.rate)

    def lines(self):
        for op in self.operations:
            yield ""
            yield f"{op:10} {'ratio to L (min–max)':>24} {'req/s':>8} {'server µs':>10} {'db µs':>7} {'p50 ms':>8} {'p99 ms':>8} {'p99/L':>6}"
            for name in self.names:
                ratios = self.values(name, op, lambda it, limit: it.rate / limit.rate)
                if not ratios:
                    continue
                spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
                figure = [self.median(name, op, value) for value in (
                    lambda it, _: it.rate, lambda it, _: it.server, lambda it, _: it.database,
                    lambda it, _: it.p50, lambda it, _: it.p99, lambda it, limit: it.p99 / limit.p99)]
                yield "{:10} {:>24} {:8.0f} {:10.0f} {:7.0f} {:8.2f} {:8.2f} {:6.2f}".format(name, spread, *figure)
        yield ""
        yield "Resident memory, MB        idle  largest"
        for name in self.names:
            yield f"{name:22} {self.idle[name]:8.0f} {self.largest_memory(name):8.0f}"
        yield from self.beside_rivals()
        for line in self.left_out:
            yield f"left out: {line}"

    def largest_memory(self, name):
        return max(it.memory for it in self.runs if it.contender == name)

    def beside_rivals(self):
        rivals = [it for it in self.names if not is_limit(it) and it != OURS]
        if OURS not in self.names or not rivals:
            return
        yield ""
        yield "This service over the best rival of the same round, requests/s: median (min–max)"
        for op in self.operations:
            quotients, best_names = [], []
            for at in sorted({it.round for it in self.runs if it.op == op}):
                here = {it.contender: it.rate for it in self.runs if it.op == op and it.round == at}
                best = max((it for it in rivals if it in here), key=here.get, default=None)
                if best and OURS in here:
                    quotients.append(here[OURS] / here[best])
                    best_names.append(best)
            if quotients:
                yield f"{op:6} {statistics.median(quotients):6.2f} ({min(quotients):.2f}–{max(quotients):.2f})  {statistics.mode(best_names)}"

    def last_line(self, title, all_operations):
        def shown(value, form=".2f"):
            return "–" if value is None else format(value, form)
        ratios = [f"{op}={shown(self.ratio(OURS, op) if op in self.operations else None)}" for op in all_operations]
        tails = [self.median(OURS, op, lambda it, limit: it.p99 / limit.p99) for op in self.operations]
        tails = [it for it in tails if it is not None]
        memory = self.largest_memory(OURS) if OURS in self.names else None
        return f"{title}: {' '.join(ratios)} p99={shown(max(tails, default=None), '.1f')} rss={shown(memory, '.0f')}"
