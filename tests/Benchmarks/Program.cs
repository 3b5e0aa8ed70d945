using System.Globalization;
using ImageScan.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["layers"]:
        LayerContest.Run();
        return 0;
    case ["scan"]:
        await ScanContest.RunAsync();
        return 0;
    case ["advisories"]:
        AdvisoryContest.Run();
        return 0;
    case ["serve", var folder]:
        await LoopbackRegistry.ServeAsync(folder);
        return 0;
    case ["peak", var image]:
        await ColdScan.PrintPeakAsync(image);
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- layers|scan|advisories");
        return 2;
}
