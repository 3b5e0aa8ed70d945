using ImageScan.Local.Commands;

return await CommandLine.RunAsync(args);
