using System.Diagnostics;

namespace ImageScan.Benchmarks.Service;

/// <summary>
/// Contenders in turn, each second round backwards, whoever's process does the work: wall as the median of the rounds, CPU, which ticks in
/// hundredths, as their mean. The first contender is the one that the others are held against.
/// </summary>
internal sealed class Race(string title, int rounds, int warmUps = 1)
{
    private readonly List<Contender> _contenders = [];

    /// <summary>Adds one.</summary>
    /// <param name="name">In the table.</param>
    /// <param name="run">What is measured.</param>
    /// <param name="cpu">The clock of the process that works; null for this one's.</param>
    /// <param name="prepare">What is done before, unmeasured.</param>
    public Race Add(string name, Func<Task> run, Func<double>? cpu = null, Func<Task>? prepare = null)
    {
        _contenders.Add(new Contender(name, run, cpu ?? OwnCpu, prepare ?? (() => Task.CompletedTask), []));
        return this;
    }

    /// <summary>Adds a program that is started for each round; its own processor time, and that of its children.</summary>
    public Race AddProgram(string name, Func<ProcessStartInfo> command, Func<Task>? prepare = null)
    {
        double cpu = 0;
        return Add(name, async () => cpu += (await ProgramRun.OfAsync(command())).Cpu, () => cpu, prepare);
    }

    /// <summary>Runs and prints them; returns each one's wall and CPU seconds.</summary>
    public async Task<IReadOnlyList<(double Wall, double Cpu)>> RunAsync()
    {
        for (int round = -warmUps; round < rounds; round++)
        {
            foreach (Contender contender in round % 2 == 0 ? _contenders : Enumerable.Reverse(_contenders))
            {
                await contender.Prepare();
                double cpu = contender.Cpu();
                long start = Stopwatch.GetTimestamp();
                await contender.Run();
                double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (round >= 0)
                {
                    contender.Rounds.Add((wall, contender.Cpu() - cpu));
                }
            }
        }

        Print();
        return [.. _contenders.Select(contender => (contender.Wall, contender.MeanCpu))];
    }

    private static double OwnCpu() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private void Print()
    {
        Console.WriteLine($"\n{title}; {rounds} rounds, load {ProcessFigures.Load}");
        Console.WriteLine("| | wall ms | wall ratio | wall less the first's, ms | cpu ms | cpu ratio |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        Contender first = _contenders[0];
        foreach (Contender contender in _contenders)
        {
            var pairs = contender.Rounds.Zip(first.Rounds).ToList();
            Console.WriteLine(
                $"| {contender.Name} | {contender.Wall * 1e3:0.0} | {Contest.Median(pairs.Select(pair => pair.First.Wall / pair.Second.Wall)):0.00} "
                + $"| {Contest.Median(pairs.Select(pair => pair.First.Wall - pair.Second.Wall)) * 1e3:0.0} "
                + $"| {contender.MeanCpu * 1e3:0.0} | {contender.MeanCpu / Math.Max(first.MeanCpu, 1e-4):0.00} |");
        }
    }

    private sealed record Contender(string Name, Func<Task> Run, Func<double> Cpu, Func<Task> Prepare, List<(double Wall, double Cpu)> Rounds)
    {
        public double Wall => Contest.Median(Rounds.Select(round => round.Wall));

        public double MeanCpu => Rounds.Average(round => round.Cpu);
    }
}
