using Ipdr.Cli.Commands;
using Ipdr.Cli.Output;

StandardStreams.OpenClosed();
StandardStreams.Guard();
return await CommandLine.RunAsync(args).ConfigureAwait(false);
