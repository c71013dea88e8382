using BenchmarkDotNet.Running;
using Ipdr.Benchmarks;

// "levels FILE…" prints sizes and speeds of whole files; everything else is BenchmarkDotNet's.
if (args is ["levels", .. string[] files])
    await LevelTable.PrintAsync(files, Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(LevelTable).Assembly).Run(args);
