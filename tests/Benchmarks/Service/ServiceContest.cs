namespace ImageScan.Benchmarks.Service;

/// <summary>The program as a service: <c>service PART [--images NAMES] [--rounds N] [--alone]</c>.</summary>
internal static class ServiceContest
{
    private static readonly string[] Standard = ["small", "debian", "poly"];

    /// <summary>Measures one part, or all of them; returns what the program shall end with.</summary>
    public static async Task<int> RunAsync(string part, string[] options)
    {
        string[] images = OptionOf(options, "--images")?.Split(',') ?? Standard;
        int? rounds = OptionOf(options, "--rounds") is { } given ? int.Parse(given) : null;
        switch (part)
        {
            case "cold":
                await ColdService.RunAsync(images, rounds, isBesidePeers: !options.Contains("--alone"));
                return 0;
            case "again":
                await AgainContest.RunAsync(images);
                return 0;
            case "base":
                await BaseContest.RunAsync();
                return 0;
            case "callers":
                await CallersContest.RunAsync(images, rounds);
                return 0;
            case "rematch":
                await RematchContest.RunAsync(images, rounds);
                return 0;
            case "fanout":
                await FanOutContest.RunAsync(images.Except(["small", "debian"]).ToArray(), rounds, 20_000_000);
                await FanOutContest.RunAsync([], rounds, 4_000_000);
                return 0;
            case "memory":
                await MemoryRun.RunAsync();
                return 0;
            case "transactions":
                await TransactionCount.RunAsync();
                return 0;
            default:
                Console.Error.WriteLine("Usage: service cold|base|again|callers|rematch|fanout|memory|transactions [--images small,debian,poly,big] [--rounds N] [--alone]");
                return 2;
        }
    }

    private static string? OptionOf(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;
}
