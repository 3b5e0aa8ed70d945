using System.Runtime.CompilerServices;
using ImageScan.Local.Azurite;

namespace ImageScan.EndToEnd.Azurite;

/// <summary>
/// Makes this program a small host of one Azurite instead of a run of tests, when a variable names its data: something to kill.
/// </summary>
internal static class AzuriteHost
{
    public const string DataVariable = "IMAGESCAN_TEST_AZURITE_HOST";

#pragma warning disable CA2255 // The test runner makes the entry point; this is the only word before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void HoldIfAsked()
    {
        if (Environment.GetEnvironmentVariable(DataVariable) is not { } data)
        {
            return;
        }

        AzuriteProcess process = AzuriteProcess.StartAsync(new AzuriteOptions { DataFolder = data }, CancellationToken.None).GetAwaiter().GetResult();
        Console.WriteLine(process.ConnectionString);
        Console.WriteLine(process.ProcessId);

        // Ends by a kill, or when the tests are gone.
        Console.In.ReadToEnd();
        Environment.Exit(0);
    }
}
