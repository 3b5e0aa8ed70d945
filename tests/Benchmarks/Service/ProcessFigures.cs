using System.Globalization;

namespace ImageScan.Benchmarks.Service;

/// <summary>What Linux says of a process that runs.</summary>
internal static class ProcessFigures
{
    // USER_HZ, which is 100 wherever .NET runs (https://man7.org/linux/man-pages/man7/time.7.html).
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Seconds of CPU of all its threads, those that have ended included, in hundredths: fields 14 and 15 of
    /// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the name in field 2 may hold spaces.
    /// </summary>
    public static double CpuOf(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>MiB that it holds now (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).</summary>
    public static double ResidentOf(int process) => File.ReadLines($"/proc/{process}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0)
        .Single();

    /// <summary>Processes that wanted to run, on average of the last minute (https://man7.org/linux/man-pages/man5/proc_loadavg.5.html).</summary>
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
