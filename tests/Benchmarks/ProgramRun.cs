using System.Diagnostics;
using System.Globalization;

namespace ImageScan.Benchmarks;

/// <summary>What one run of a program took.</summary>
/// <param name="Wall">Seconds from its start to its end.</param>
/// <param name="Cpu">Seconds of all its threads and of what it started itself.</param>
/// <param name="Mebibytes">The most memory that it held, of the program itself.</param>
internal sealed record ProgramRun(double Wall, double Cpu, double Mebibytes)
{
    // USER_HZ, which is 100 wherever .NET runs (https://man7.org/linux/man-pages/man7/time.7.html).
    private const double TicksPerSecond = 100;

    /// <summary>Runs it, its output thrown away. Throws <see cref="InvalidOperationException"/> with its last words if it fails.</summary>
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo command)
    {
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        double cpu = CpuOfChildren();
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(command)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        double mebibytes = 0;
        using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            Task end = process.WaitForExitAsync();
            while (!end.IsCompleted)
            {
                mebibytes = Math.Max(mebibytes, PeakOf(process.Id));
                await Task.WhenAny(end, tick.WaitForNextTickAsync().AsTask());
            }
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await output;
        return process.ExitCode == 0
            ? new ProgramRun(wall, CpuOfChildren() - cpu, mebibytes)
            : throw new InvalidOperationException($"{command.FileName} ended with {process.ExitCode}: {(await error).Trim()}");
    }

    /// <summary>Runs something in this process; the memory is the most that it has ever held.</summary>
    public static async Task<ProgramRun> OfWarmAsync(Func<Task> run)
    {
        GC.Collect();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await run();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new ProgramRun(wall, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, PeakOf(Environment.ProcessId));
    }

    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 16 and 17, of children that have ended; the name in field 2 may hold spaces.
    private static double CpuOfChildren()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Ticks(fields[13]) + Ticks(fields[14])) / TicksPerSecond;
    }

    private static double Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    // https://man7.org/linux/man-pages/man5/proc_pid_status.5.html; 0 once the process has ended.
    private static double PeakOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
