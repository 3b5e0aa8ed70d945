using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>
/// Runs contenders in turn, so that what else the machine does falls on all of them alike, and prints medians. The first contender is the
/// one that the others are held against, round by round.
/// </summary>
internal sealed class Contest(string title, int rounds, int warmUps = 1)
{
    private readonly List<(string Name, Func<Task> Run)> _contenders = [];
    private readonly List<List<Measure>> _measures = [];

    public Contest Add(string name, Func<Task> run)
    {
        _contenders.Add((name, run));
        _measures.Add([]);
        return this;
    }

    public Contest Add(string name, Action run) => Add(name, () =>
    {
        run();
        return Task.CompletedTask;
    });

    public async Task RunAsync()
    {
        // The first rounds are for the JIT.
        for (int round = -warmUps; round < rounds; round++)
        {
            for (int i = 0; i < _contenders.Count; i++)
            {
                // Each second round the other way round, so that nobody always comes after the same one.
                int turn = round % 2 == 0 ? i : _contenders.Count - 1 - i;
                Measure measure = await MeasureAsync(_contenders[turn].Run);
                if (round >= 0)
                {
                    _measures[turn].Add(measure);
                }
            }
        }

        Print();
    }

    private static async Task<Measure> MeasureAsync(Func<Task> run)
    {
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await run();
        return new Measure(
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)(1 << 20));
    }

    private void Print()
    {
        Console.WriteLine($"\n{title}; medians of {rounds} rounds");
        Console.WriteLine("| | wall s | cpu s | wall ratio | cpu ratio | allocated MiB |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        List<Measure> first = _measures[0];
        for (int i = 0; i < _contenders.Count; i++)
        {
            List<Measure> own = _measures[i];
            Console.WriteLine(
                $"| {_contenders[i].Name} | {Median(own.Select(m => m.Wall)):0.0000} | {Median(own.Select(m => m.Cpu)):0.0000} "
                + $"| {Median(own.Zip(first, (m, f) => m.Wall / f.Wall)):0.00} | {Median(own.Zip(first, (m, f) => m.Cpu / f.Cpu)):0.00} "
                + $"| {Median(own.Select(m => m.Mebibytes)):0.0} |");
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private sealed record Measure(double Wall, double Cpu, double Mebibytes);
}
