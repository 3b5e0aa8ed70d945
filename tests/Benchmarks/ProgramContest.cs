using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>
/// Runs scanners in turn, programs of their own or part of this one, and prints medians of what each took, in all and beyond its start, and how
/// many times the first's that is.
/// </summary>
internal sealed class ProgramContest(string title, int rounds)
{
    private readonly List<Contender> _contenders = [];

    /// <summary>A program, and the same with nothing to do.</summary>
    public ProgramContest Add(string name, Func<ProcessStartInfo> startUp, Func<ProcessStartInfo> run) =>
        Add(new Contender(name, () => ProgramRun.OfAsync(startUp()), () => ProgramRun.OfAsync(run()), [], []));

    /// <summary>Something that this process does, which has started long ago.</summary>
    public ProgramContest AddWarm(string name, Func<Task> run) =>
        Add(new Contender(name, () => Task.FromResult(new ProgramRun(0, 0, 0)), () => ProgramRun.OfWarmAsync(run), [], []));

    public async Task RunAsync()
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (Contender contender in round % 2 == 0 ? _contenders : Enumerable.Reverse(_contenders))
            {
                contender.Starts.Add(await contender.StartUp());
                contender.Runs.Add(await contender.Run());
            }
        }

        Print();
    }

    private ProgramContest Add(Contender contender)
    {
        _contenders.Add(contender);
        return this;
    }

    private void Print()
    {
        Console.WriteLine($"\n{title}; medians of {rounds} rounds");
        Console.WriteLine("| | wall s | cpu s | wall ratio | cpu ratio | start: wall s | cpu s | without start: wall ratio | cpu ratio | peak MiB |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        Contender first = _contenders[0];
        foreach (Contender contender in _contenders)
        {
            Console.WriteLine(
                $"| {contender.Name} | {contender.Wall:0.00} | {contender.Cpu:0.00} | {contender.Wall / first.Wall:0.0} | {contender.Cpu / first.Cpu:0.0} "
                + $"| {contender.StartWall:0.00} | {contender.StartCpu:0.00} "
                + $"| {Beyond(contender.Wall, contender.StartWall) / Beyond(first.Wall, first.StartWall):0.0} "
                + $"| {Beyond(contender.Cpu, contender.StartCpu) / Beyond(first.Cpu, first.StartCpu):0.0} | {contender.Runs.Max(run => run.Mebibytes):0} |");
        }
    }

    // Clocks of processes tick in hundredths.
    private static double Beyond(double whole, double start) => Math.Max(0.01, whole - start);

    private sealed record Contender(
        string Name, Func<Task<ProgramRun>> StartUp, Func<Task<ProgramRun>> Run, List<ProgramRun> Starts, List<ProgramRun> Runs)
    {
        public double Wall => Contest.Median(Runs.Select(run => run.Wall));

        public double Cpu => Contest.Median(Runs.Select(run => run.Cpu));

        public double StartWall => Contest.Median(Starts.Select(run => run.Wall));

        public double StartCpu => Contest.Median(Starts.Select(run => run.Cpu));
    }
}
