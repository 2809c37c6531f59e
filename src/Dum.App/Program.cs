Console.WriteLine("dum");
