using Dum.Numerics.Kernels;
using Dum.Tests.Folding.Deep;

namespace Dum.Tests.Numerics;

/// <summary>The test assembly as a program: what a test starts in a process of its own, because only there the runtime's settings differ.</summary>
static class Program
{
    public const string HashCommand = "hash", DeepFoldCommand = "deepfold";

    static int Main(string[] arguments)
    {
        if (arguments is [DeepFoldCommand, var model])
        {
            Console.WriteLine(DeepProcessTests.Hash(model));
            return 0;
        }
        if (arguments is not [HashCommand])
            return 1;
        Console.WriteLine($"{InstructionPath.Best.Name} {SmallTraining.Hash()}");
        return 0;
    }
}
