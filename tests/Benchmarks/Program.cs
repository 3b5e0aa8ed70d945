using System.Globalization;
using ImageScan.Benchmarks;
using ImageScan.Benchmarks.Lists;
using ImageScan.Benchmarks.Scale;
using ImageScan.Benchmarks.Service;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["layers"]:
        LayerContest.Run();
        return 0;
    case ["scan"]:
        await ScanContest.RunAsync();
        return 0;
    case ["inventory"]:
        await InventoryContest.RunAsync(BuiltImage.Names);
        return 0;
    case ["inventory", "--images", var names]:
        await InventoryContest.RunAsync(names.Split(','));
        return 0;
    case ["inventory", "--images", var names, "--rounds", var rounds]:
        await InventoryContest.RunAsync(names.Split(','), int.Parse(rounds));
        return 0;
    case ["difference"]:
        return await DifferenceReport.RunAsync([.. SharedImages.Paths, .. BuiltImage.Names]) == 0 ? 0 : 1;
    case ["difference", "--images", var names]:
        return await DifferenceReport.RunAsync(names.Split(',')) == 0 ? 0 : 1;
    case ["detectors", var image]:
        await DetectorTimes.PrintAsync(image);
        return 0;
    case ["bundles"]:
        await BundleSizes.PrintAsync([.. SharedImages.Paths, .. BuiltImage.Names]);
        return 0;
    case ["bundles", "--images", var names]:
        await BundleSizes.PrintAsync(names.Split(','));
        return 0;
    case ["advisories"]:
        await AdvisoryContest.RunAsync(times: 1);
        await AdvisoryContest.RunAsync(times: 5);
        return 0;
    case ["advisories", var path]:
        await AdvisoryContest.MatchAsync(path);
        return 0;
    case ["advisories-read", var times]:
        await AdvisoryContest.ReadAsync(int.Parse(times));
        return 0;
    case ["advisories-build", var times, var path]:
        await AdvisoryContest.BuildAsync(int.Parse(times), path);
        return 0;
    case ["advisories-table", var times, var path]:
        await AdvisoryTable.BuildAsync(path, int.Parse(times));
        return 0;
    case ["lists"]:
        await ListContest.RunAsync(100_000);
        return 0;
    case ["lists", var images]:
        await ListContest.RunAsync(int.Parse(images));
        return 0;
    case ["scale"]:
        Console.WriteLine(ScaleTables.Text());
        return 0;
    case ["scale", "--write"]:
        ScaleTables.Write();
        return 0;
    case ["service", var part, .. var options]:
        return await ServiceContest.RunAsync(part, options);
    case ["serve", var folder, var bytesPerSecond]:
        await LoopbackRegistry.ServeAsync(folder, long.Parse(bytesPerSecond));
        return 0;
    case ["peak", var image]:
        await ColdScan.PrintPeakAsync(image);
        return 0;
    case ["repeat", var image, var times]:
        await InventoryContest.RepeatAsync(image, int.Parse(times));
        return 0;
    case ["idle"]:
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- layers|scan|inventory|difference|detectors|bundles|advisories|service|scale|lists");
        return 2;
}
