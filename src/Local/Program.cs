using ImageScan.Local.Commands;

return await CommandLine.Create().Parse(args).InvokeAsync();
