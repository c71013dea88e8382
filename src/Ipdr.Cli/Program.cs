using Ipdr.Cli.Commands;
using Ipdr.Cli.Output;

StandardStreams.OpenClosed();
return await CommandLine.RunAsync(args).ConfigureAwait(false);
