import { Module } from '@nestjs/common';
import { DashboardController } from './dashboard.controller.js';
import { HouseController } from './house.controller.js';

/** The page for people, and what it has to know of this house. */
@Module({ controllers: [DashboardController, HouseController] })
export class DashboardModule {}
